package fyr.compiler.policy;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.policy.PeerTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Cuts the ipBlocks of all terms into intervals that do not overlap, each with the terms that match throughout it. */
final class Blocks {

    private Blocks() {}

    record Interval(IpAddress first, IpAddress last, Match match) {}

    /** From an address on, a term is in one block more or fewer of its own, or of its exceptions. */
    private record Edge(int term, int block, int exception) {}

    static List<Interval> of(Terms terms, Family family) {
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
        int[] blocks = new int[terms.size()];
        int[] exceptions = new int[terms.size()];
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
                int[] matched = active.stream().mapToInt(Integer::intValue).toArray();
                intervals.add(
                        new Interval(at, next == null ? end : next.plus(-1), new Match(terms, matched, List.of())));
            }
        }
        return intervals;
    }
}
