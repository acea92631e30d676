package fyr.kernel.linux.ipvs;

import fyr.kernel.TableLook;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads the real servers of one virtual server after the other, because the kernel lists those of one at a time. Virtual servers without any
 * expected real server are not read: the plan does not have them, so they are removed, and their real servers with them.
 */
final class RealServerLook implements TableLook<RealServerKey> {

    /** Entries to sort between two checks of the clock. */
    private static final int STEP = 512;

    private final Iterator<Map.Entry<RealServerKey, RealServer>> unsorted;
    private final Map<VirtualServerKey, Map<RealServerKey, RealServer>> expected = new HashMap<>();
    private final Deque<VirtualServerKey> unread = new ArrayDeque<>();
    private final Function<VirtualServerKey, SortedMap<RealServerKey, RealServer>> read;

    /** @param read gives the actual real servers of a virtual server; none if it is not ours */
    RealServerLook(
            PersistentMap<RealServerKey, RealServer> expected,
            Function<VirtualServerKey, SortedMap<RealServerKey, RealServer>> read) {
        this.unsorted = expected.iterator();
        this.read = read;
    }

    @Override
    public boolean proceed(long nanoseconds, Consumer<? super RealServerKey> doubtful) {
        long end = System.nanoTime() + nanoseconds;
        do {
            if (unsorted.hasNext()) {
                sort();
            } else if (!unread.isEmpty()) {
                compare(unread.remove(), doubtful);
            }
        } while (more() && System.nanoTime() - end < 0);
        return more();
    }

    private boolean more() {
        return unsorted.hasNext() || !unread.isEmpty();
    }

    private void sort() {
        for (int i = 0; i < STEP && unsorted.hasNext(); i++) {
            Map.Entry<RealServerKey, RealServer> entry = unsorted.next();
            VirtualServerKey server = entry.getKey().server();
            expected.computeIfAbsent(server, first -> {
                        unread.add(first);
                        return new HashMap<>(2);
                    })
                    .put(entry.getKey(), entry.getValue());
        }
    }

    private void compare(VirtualServerKey server, Consumer<? super RealServerKey> doubtful) {
        Map<RealServerKey, RealServer> wanted = expected.getOrDefault(server, Map.of());
        Map<RealServerKey, RealServer> actual = read.apply(server);
        Set<RealServerKey> all = new HashSet<>(wanted.keySet());
        all.addAll(actual.keySet());
        for (RealServerKey key : all) {
            RealServer is = actual.get(key);
            if (is == null || !is.equals(wanted.get(key))) {
                doubtful.accept(key);
            }
        }
    }
}
