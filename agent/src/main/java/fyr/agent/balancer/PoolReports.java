package fyr.agent.balancer;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.AddressRange;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the statuses of the pools should say. */
final class PoolReports {

    private static final int NAMED = 3;

    private record Owned(AddressRange range, String pool) {}

    private PoolReports() {}

    /**
     * @param taken the addresses that Services have
     * @param reserved addresses that no Service may have
     */
    static Map<String, PoolStatus> of(Collection<AddressPool> pools, Set<IpAddress> taken, Set<IpAddress> reserved) {
        Map<String, Set<String>> overlaps = overlaps(pools);
        Map<String, PoolStatus> reports = new HashMap<>();
        for (AddressPool pool : pools) {
            long[] assigned = new long[2];
            long[] unusable = new long[2];
            for (IpAddress address : taken) {
                assigned[address.family().ordinal()] += pool.contains(address) ? 1 : 0;
            }
            for (IpAddress address : reserved) {
                unusable[address.family().ordinal()] += pool.contains(address) ? 1 : 0;
            }
            long[] free = new long[2];
            boolean exhausted = false;
            for (Family family : Family.values()) {
                int i = family.ordinal();
                long size = pool.size(family);
                free[i] = size == Long.MAX_VALUE ? size : Math.max(0, size - assigned[i] - unusable[i]);
                exhausted |= size > 0 && free[i] == 0;
            }
            List<Condition> conditions = List.of(
                    exhausted(exhausted),
                    invalid(pool.invalid()),
                    overlap(overlaps.getOrDefault(pool.name(), Set.of())));
            int v4 = Family.IPV4.ordinal();
            int v6 = Family.IPV6.ordinal();
            reports.put(pool.name(), new PoolStatus(assigned[v4], free[v4], assigned[v6], free[v6], conditions));
        }
        return reports;
    }

    private static Condition exhausted(boolean exhausted) {
        return exhausted
                ? new Condition("Exhausted", true, "NoFreeAddress", "all addresses of a family are assigned")
                : new Condition("Exhausted", false, "FreeAddresses", "");
    }

    private static Condition invalid(List<String> invalid) {
        String more = invalid.size() > NAMED ? " and " + (invalid.size() - NAMED) + " more" : "";
        return invalid.isEmpty()
                ? new Condition("Invalid", false, "Valid", "")
                : new Condition(
                        "Invalid",
                        true,
                        "UnusableAddresses",
                        String.join("; ", invalid.subList(0, Math.min(NAMED, invalid.size()))) + more
                                + "; the other addresses are used");
    }

    private static Condition overlap(Set<String> others) {
        return others.isEmpty()
                ? new Condition("Overlap", false, "NoOverlap", "")
                : new Condition(
                        "Overlap",
                        true,
                        "SharedAddresses",
                        "has addresses in common with "
                                + String.join(", ", others.stream().limit(NAMED).toList()) + "; each is assigned once");
    }

    /** For each pool, those with which it has addresses in common; itself, if two of its own ranges overlap. */
    private static Map<String, Set<String>> overlaps(Collection<AddressPool> pools) {
        List<Owned> all = new ArrayList<>();
        pools.forEach(pool -> pool.ranges().forEach(range -> all.add(new Owned(range, pool.name()))));
        all.sort(Comparator.comparing(Owned::range).thenComparing(Owned::pool));
        Map<String, Set<String>> overlaps = new TreeMap<>();
        Optional<Owned> farthest = Optional.empty();
        for (Owned one : all) {
            farthest.filter(before -> before.range().overlaps(one.range())).ifPresent(before -> {
                overlaps.computeIfAbsent(before.pool(), _ -> new TreeSet<>()).add(one.pool());
                overlaps.computeIfAbsent(one.pool(), _ -> new TreeSet<>()).add(before.pool());
            });
            boolean isFarther = farthest.filter(before ->
                            before.range().last().compareTo(one.range().last()) >= 0)
                    .isEmpty();
            farthest = isFarther ? Optional.of(one) : farthest;
        }
        return overlaps;
    }
}
