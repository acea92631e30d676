package fyr.compiler.service;

import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts endpoints in ascending order, each once. A service may have thousands, and is processed whenever one of them changes. */
final class DistinctBackends {

    /** The lower bits of a sort key hold an index. */
    private static final int INDEX_BITS = 16;

    private DistinctBackends() {}

    static List<Backend> of(List<Backend> backends) {
        Backend[] sorted = sorted(backends);
        List<Backend> distinct = new ArrayList<>(sorted.length);
        for (Backend backend : sorted) {
            if (distinct.isEmpty() || !distinct.getLast().equals(backend)) {
                distinct.add(backend);
            }
        }
        return List.copyOf(distinct);
    }

    private static Backend[] sorted(List<Backend> backends) {
        Backend[] sorted = backends.toArray(Backend[]::new);
        long[] keys = new long[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            if (sorted.length > 1 << INDEX_BITS || !(sorted[i].address() instanceof Ipv4Address(int bits))) {
                Arrays.sort(sorted);
                return sorted;
            }
            // Address, port and index fit in a number, and numbers are sorted much faster. The order of addresses is
            // unsigned.
            keys[i] = (long) (bits ^ Integer.MIN_VALUE) << 32 | (long) sorted[i].port() << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        Backend[] ordered = new Backend[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ordered[i] = sorted[(int) keys[i] & (1 << INDEX_BITS) - 1];
        }
        return ordered;
    }
}
