package fyr.agent.announce;

import fyr.model.address.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When this node tells the link which addresses are here: at once when it gets one, several times soon after, because such a message may be
 * lost and nobody asks for it, and then once a minute. Used by one thread.
 */
final class Announcements {

    private static final long[] SOON = {100, 300, 1_000, 2_000, 5_000};
    private static final long LATER = Duration.ofMinutes(1).toNanos();

    private final Map<IpAddress, Repetition> held = new HashMap<>();

    private record Repetition(long since, int done, long next) {}

    /** The addresses to be announced now, of those that are held now. */
    List<IpAddress> due(Set<IpAddress> now, long time) {
        held.keySet().retainAll(now);
        List<IpAddress> due = new ArrayList<>();
        for (IpAddress address : now) {
            Repetition before = held.get(address);
            if (before == null) {
                held.put(
                        address,
                        new Repetition(
                                time, 0, time + Duration.ofMillis(SOON[0]).toNanos()));
                due.add(address);
            } else if (time - before.next() >= 0) {
                int done = before.done() + 1;
                long next = done < SOON.length
                        ? before.since() + Duration.ofMillis(SOON[done]).toNanos()
                        : time + LATER;
                held.put(address, new Repetition(before.since(), done, next));
                due.add(address);
            }
        }
        return due;
    }
}
