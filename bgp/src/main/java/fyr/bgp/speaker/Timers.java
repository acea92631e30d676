package fyr.bgp.speaker;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * What is to be done later, each under a key that is there once. Thousands of peers arm several each, and rearm them with each message: an entry
 * that was replaced stays in the queue until its time has come.
 */
final class Timers {

    private record Due(long at, long order, Object key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private record Armed(Due due, Runnable action) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<Object, Armed> armed = new HashMap<>();
    private long count;

    /** Does this at a time, in place of what was to be done under the key. */
    void arm(Object key, long at, Runnable action) {
        Due due = new Due(at, count++, key);
        armed.put(key, new Armed(due, action));
        queue.add(due);
        if (queue.size() > 4 * armed.size() + 64) {
            queue.clear();
            armed.values().forEach(live -> queue.add(live.due));
        }
    }

    void disarm(Object key) {
        armed.remove(key);
    }

    /** When the next one is due; later if it was replaced. */
    Optional<Long> next() {
        return Optional.ofNullable(queue.peek()).map(Due::at);
    }

    /** Does all that is due. */
    void run(long now) {
        for (Due due = queue.peek(); due != null && due.at <= now; due = queue.peek()) {
            queue.remove();
            Armed live = armed.get(due.key);
            if (live != null && live.due == due) {
                armed.remove(due.key);
                live.action.run();
            }
        }
    }

    boolean isEmpty() {
        return armed.isEmpty();
    }

    /** Forgets everything under other keys. */
    void keep(Predicate<Object> keys) {
        armed.keySet().removeIf(keys.negate());
    }
}
