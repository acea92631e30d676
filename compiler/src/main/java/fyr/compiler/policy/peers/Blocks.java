package fyr.compiler.policy.peers;

import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.policy.PeerTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known about addresses without knowing the pods: cuts the ipBlocks of all terms into intervals that do not overlap, each with the
 * terms that match throughout it. If rules may deny something to pods, an address in the nodes' blocks of pods may be that of a pod that is
 * not known yet.
 */
public final class Blocks {

    private final SortedSet<Prefix> pods;
    private final Map<Family, NavigableMap<IpAddress, Interval>> intervals = new EnumMap<>(Family.class);

    /** The addresses from {@code first} to {@code last}. */
    public record Interval(IpAddress first, IpAddress last, Match match) {}

    /** From an address on, a term is in one block more or fewer of its own, or of its exceptions. */
    private record Edge(int term, int block, int exception) {}

    private Blocks(Terms terms, SortedSet<Prefix> pods) {
        this.pods = pods;
        for (Family family : Family.values()) {
            NavigableMap<IpAddress, Interval> ordered = new TreeMap<>();
            cut(terms, pods, family).forEach(interval -> ordered.put(interval.first(), interval));
            intervals.put(family, ordered);
        }
    }

    /** Those of these terms, in a cluster of these nodes. */
    public static Blocks of(Terms terms, PersistentMap<String, Node> nodes) {
        return new Blocks(terms, pods(terms, nodes));
    }

    /** Whether they are the same for the same terms and these nodes. */
    public boolean same(Terms terms, PersistentMap<String, Node> nodes) {
        return pods.equals(pods(terms, nodes));
    }

    private static SortedSet<Prefix> pods(Terms terms, PersistentMap<String, Node> nodes) {
        SortedSet<Prefix> pods = new TreeSet<>();
        if (terms.suspicious()) {
            nodes.forEach((_, node) -> pods.addAll(node.podCidrs()));
        }
        return pods;
    }

    /** The intervals in ascending order. */
    public Collection<Interval> intervals(Family family) {
        return ordered(family).values();
    }

    /** What is known about an address, if anything. */
    public Optional<Match> at(IpAddress address) {
        return Optional.ofNullable(ordered(address.family()).floorEntry(address))
                .map(Map.Entry::getValue)
                .filter(interval -> interval.last().compareTo(address) >= 0)
                .map(Interval::match);
    }

    private NavigableMap<IpAddress, Interval> ordered(Family family) {
        return intervals.getOrDefault(family, new TreeMap<>());
    }

    private static List<Interval> cut(Terms terms, SortedSet<Prefix> pods, Family family) {
        TreeMap<IpAddress, List<Edge>> edges = new TreeMap<>();
        for (int position = 0; position < terms.size(); position++) {
            if (terms.term(position) instanceof PeerTerm.Block block
                    && block.cidr().family() == family) {
                edges(edges, block.cidr(), new Edge(position, 1, 0), new Edge(position, -1, 0));
                for (Prefix except : block.except()) {
                    if (except.family() == family) {
                        edges(edges, except, new Edge(position, 0, 1), new Edge(position, 0, -1));
                    }
                }
            }
        }
        int unknown = terms.size();
        for (Prefix block : pods) {
            if (block.family() == family) {
                edges(edges, block, new Edge(unknown, 1, 0), new Edge(unknown, -1, 0));
                // The first address is that of the node's tunnel device.
                Prefix tunnel = Prefix.containing(block.address(), family.bits());
                edges(edges, tunnel, new Edge(unknown, 0, 1), new Edge(unknown, 0, -1));
            }
        }
        return sweep(
                terms,
                edges,
                Prefix.containing(IpAddress.of(new byte[family.bytes()]), 0).last());
    }

    private static void edges(TreeMap<IpAddress, List<Edge>> edges, Prefix prefix, Edge begin, Edge end) {
        edges.computeIfAbsent(prefix.address(), key -> new ArrayList<>()).add(begin);
        IpAddress behind = prefix.last().plus(1);
        if (behind.compareTo(prefix.last()) > 0) { // otherwise the block reaches the end of the family
            edges.computeIfAbsent(behind, key -> new ArrayList<>()).add(end);
        }
    }

    private static List<Interval> sweep(Terms terms, TreeMap<IpAddress, List<Edge>> edges, IpAddress end) {
        List<Interval> intervals = new ArrayList<>();
        int[] blocks = new int[terms.size() + 1];
        int[] exceptions = new int[terms.size() + 1];
        SortedSet<Integer> active = new TreeSet<>();
        for (IpAddress at : edges.keySet()) {
            for (Edge edge : edges.getOrDefault(at, List.of())) {
                blocks[edge.term] += edge.block;
                exceptions[edge.term] += edge.exception;
                if (blocks[edge.term] > 0 && exceptions[edge.term] == 0) {
                    active.add(edge.term);
                } else {
                    active.remove(edge.term);
                }
            }
            if (!active.isEmpty()) {
                IpAddress next = edges.higherKey(at);
                intervals.add(new Interval(at, next == null ? end : next.plus(-1), match(terms, active)));
            }
        }
        return intervals;
    }

    private static Match match(Terms terms, SortedSet<Integer> active) {
        int[] matched = active.headSet(terms.size()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return active.contains(terms.size()) ? Match.unknown(terms, matched) : Match.of(terms, matched, List.of());
    }
}
