package fyr.compiler.policy.rules;

import fyr.compiler.feature.StableHash;
import fyr.compiler.policy.number.Numbers;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cuts the ranges of more than one port that rules name into intervals that do not overlap. Intervals that lie in the same ranges are one
 * class. Single ports need no class: they are elements by themselves. Protocols are told apart by the element, not by the class.
 */
public final class PortClasses {

    /** The ports from {@code first} to {@code last}. */
    public record Span(int first, int last) implements Comparable<Span> {
        @Override
        public int compareTo(Span other) {
            int byFirst = Integer.compare(first, other.first);
            return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
        }
    }

    /** The ranges that some interval lies in. */
    private record Covering(SortedSet<Span> spans) implements Numbers.Numbered {
        @Override
        public long stableHash() {
            return StableHash.hash(spans.toString());
        }
    }

    private final Map<Span, Integer> intervals;
    private final Map<Span, List<Integer>> classes;
    private final TreeMap<Integer, Span> byFirst = new TreeMap<>();

    private PortClasses(Map<Span, Integer> intervals, Map<Span, List<Integer>> classes) {
        this.intervals = intervals;
        this.classes = classes;
        intervals.keySet().forEach(interval -> byFirst.put(interval.first(), interval));
    }

    /** Those of the ranges that these groups name. */
    public static PortClasses of(Collection<Group> groups, int mask) {
        SortedSet<Span> spans = new TreeSet<>();
        groups.forEach(group -> spans.addAll(group.spans()));
        return cut(spans, mask);
    }

    private static PortClasses cut(SortedSet<Span> spans, int mask) {
        TreeMap<Integer, List<Span>> edges = new TreeMap<>();
        for (Span span : spans) {
            edges.computeIfAbsent(span.first, key -> new ArrayList<>()).add(span);
            edges.computeIfAbsent(span.last + 1, key -> new ArrayList<>()).add(span);
        }
        Map<Span, Covering> coverings = new LinkedHashMap<>();
        SortedSet<Span> open = new TreeSet<>();
        for (Map.Entry<Integer, List<Span>> edge : edges.entrySet()) {
            for (Span span : edge.getValue()) {
                if (!open.add(span)) {
                    open.remove(span);
                }
            }
            Integer next = edges.higherKey(edge.getKey());
            if (!open.isEmpty() && next != null) {
                coverings.put(new Span(edge.getKey(), next - 1), new Covering(new TreeSet<>(open)));
            }
        }
        return numbered(coverings, mask);
    }

    private static PortClasses numbered(Map<Span, Covering> coverings, int mask) {
        Set<Covering> distinct = Set.copyOf(coverings.values());
        Map<Covering, Integer> numbers = Numbers.of(
                distinct,
                Comparator.comparing((Covering covering) -> covering.spans().toString()),
                mask);
        Map<Span, Integer> intervals = new LinkedHashMap<>();
        coverings.forEach((interval, covering) -> intervals.put(interval, numbers.getOrDefault(covering, 0)));
        Map<Span, List<Integer>> classes = new HashMap<>();
        numbers.forEach((covering, number) -> covering.spans()
                .forEach(span ->
                        classes.computeIfAbsent(span, key -> new ArrayList<>()).add(number)));
        return new PortClasses(intervals, classes);
    }

    /** The intervals in ascending order, with their classes. */
    public Map<Span, Integer> intervals() {
        return intervals;
    }

    /** The classes that make up a range of several ports. */
    public List<Integer> classes(PortTerm.Range range) {
        return classes.getOrDefault(new Span(range.first(), range.last()), List.of());
    }

    /** The class of a port; 0 if it is in no range. */
    int classOf(int port) {
        Map.Entry<Integer, Span> interval = byFirst.floorEntry(port);
        return interval == null || interval.getValue().last() < port
                ? 0
                : intervals.getOrDefault(interval.getValue(), 0);
    }

    /** Whether the other ones cut the same ranges the same way. */
    public boolean same(PortClasses other) {
        return intervals.equals(other.intervals) && classes.equals(other.classes);
    }
}
