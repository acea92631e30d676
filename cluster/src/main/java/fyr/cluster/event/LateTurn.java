package fyr.cluster.event;

import java.time.Duration;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * An event that this node writes later, in case no other has done so by then.
 *
 * @param at a point of {@link System#nanoTime}
 */
record LateTurn(ObjectEvent event, long at) implements Delayed {

    static LateTurn in(Duration wait, ObjectEvent event) {
        return new LateTurn(event, System.nanoTime() + wait.toNanos());
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
