package fyr.agent.balancer;

import fyr.model.Labels;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.AddressRange;
import fyr.model.balancer.BalancedService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The pools in the order in which they are used, and which of their addresses are free. For one run of the {@link Allocator}. */
final class Pools {

    private final List<AddressPool> pools;
    private final Function<String, Labels> namespaces;
    private final Set<IpAddress> reserved;
    private final Map<Source, Cursor> cursors = new HashMap<>();

    private record Source(String pool, Family family) {}

    /** Where the search for a free address continues: what it has passed does not become free during the run. */
    private static final class Cursor {
        private final List<AddressRange> ranges;
        private int range;
        private Optional<IpAddress> next = Optional.empty();

        Cursor(List<AddressRange> ranges) {
            this.ranges = ranges;
        }

        Optional<IpAddress> find(Predicate<IpAddress> free) {
            for (; range < ranges.size(); range++, next = Optional.empty()) {
                AddressRange here = ranges.get(range);
                IpAddress address = next.orElse(here.first());
                while (!free.test(address)) {
                    if (address.equals(here.last())) {
                        break;
                    }
                    address = address.plus(1);
                }
                if (free.test(address)) {
                    next = Optional.of(address);
                    return next;
                }
            }
            return Optional.empty();
        }
    }

    /**
     * @param namespaces the labels of a namespace
     * @param reserved addresses that no Service may have because nodes have them
     */
    Pools(Collection<AddressPool> pools, Function<String, Labels> namespaces, Set<IpAddress> reserved) {
        this.pools = pools.stream()
                .sorted(Comparator.comparingLong(
                                (AddressPool pool) -> pool.priority() == 0 ? Long.MAX_VALUE : pool.priority())
                        .thenComparing(AddressPool::name))
                .toList();
        this.namespaces = namespaces;
        this.reserved = reserved;
    }

    /** Whether any pool has this address. */
    boolean anyContains(IpAddress address) {
        return !reserved.contains(address) && pools.stream().anyMatch(pool -> pool.contains(address));
    }

    boolean exist(String name) {
        return pools.stream().anyMatch(pool -> pool.name().equals(name));
    }

    /** Whether the Service may have this address, whoever has it now. */
    boolean admit(BalancedService service, BalancedService.Request request, IpAddress address) {
        return !reserved.contains(address)
                && pools.stream().anyMatch(pool -> pool.contains(address) && isOpen(pool, service, request));
    }

    /** The pools that the Service gets addresses from without naming one. */
    List<AddressPool> of(BalancedService service, BalancedService.Request request) {
        List<AddressPool> all = new ArrayList<>();
        for (AddressPool pool : pools) {
            if ((pool.autoAssign() || request.pool().isPresent()) && isOpen(pool, service, request)) {
                all.add(pool);
            }
        }
        return all;
    }

    private boolean isOpen(AddressPool pool, BalancedService service, BalancedService.Request request) {
        return request.pool().filter(named -> !named.equals(pool.name())).isEmpty()
                && pool.services()
                        .filter(selector -> !selector.matches(service.labels()))
                        .isEmpty()
                && pool.namespaces()
                        .filter(selector -> !selector.matches(
                                namespaces.apply(service.name().namespace())))
                        .isEmpty();
    }

    /** The lowest free address of a pool. */
    Optional<IpAddress> free(AddressPool pool, Family family, Ledger ledger) {
        return cursors.computeIfAbsent(
                        new Source(pool.name(), family),
                        _ -> new Cursor(pool.ranges().stream()
                                .filter(range -> range.family() == family)
                                .sorted()
                                .toList()))
                .find(address -> !pool.skips(address) && !reserved.contains(address) && !ledger.isTaken(address));
    }
}
