package fyr.agent.balancer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Rendezvous hashing: each key has its own order of the nodes. A node that leaves gives its keys to the next ones in their orders, all other
 * keys stay; and each node is first for about the same number of keys. Immutable.
 */
public final class Rendezvous {

    private final List<String> nodes;
    private final long[] hashes;

    private Rendezvous(Collection<String> nodes) {
        this.nodes = List.copyOf(nodes);
        this.hashes = this.nodes.stream().mapToLong(Rendezvous::hash).toArray();
    }

    /** The orders of these nodes. */
    public static Rendezvous of(Collection<String> nodes) {
        return new Rendezvous(nodes);
    }

    /** The number of nodes. */
    public int size() {
        return nodes.size();
    }

    /** The first nodes in the order of a key. */
    public List<String> first(String key, int count) {
        long hash = hash(key);
        List<Integer> best =
                new ArrayList<>(count + 1); // few of possibly thousands: sorting all would take a hundred times as long
        for (int node = 0; node < hashes.length; node++) {
            int at = best.size();
            while (at > 0 && isBefore(hash, node, best.get(at - 1))) {
                at--;
            }
            if (at < count) {
                best.add(at, node);
                if (best.size() > count) {
                    best.removeLast();
                }
            }
        }
        return best.stream().map(nodes::get).toList();
    }

    private boolean isBefore(long key, int node, int other) {
        int byScore = Long.compare(mix(key ^ hashes[node]), mix(key ^ hashes[other]));
        return byScore != 0 ? byScore > 0 : nodes.get(node).compareTo(nodes.get(other)) < 0;
    }

    /** Whether a node comes before another one in the order of a key. */
    public static boolean isBefore(String key, String node, String other) {
        long hash = hash(key);
        int byScore = Long.compare(mix(hash ^ hash(node)), mix(hash ^ hash(other)));
        return byScore != 0 ? byScore > 0 : node.compareTo(other) < 0;
    }

    /** FNV-1a with 64 bits, then mixed: names that differ in their last letter must have unrelated scores. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (one & 0xff)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
