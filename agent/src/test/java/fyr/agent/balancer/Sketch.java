package fyr.agent.balancer;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.AddressRange;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.BalancedService.PortKey;
import fyr.model.balancer.BalancedService.Request;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import fyr.model.policy.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Pools and Services for tests, in few words. */
record Sketch(
        String name,
        long created,
        Optional<String> loadBalancerClass,
        List<Family> families,
        boolean allFamilies,
        String wanted,
        String pool,
        String sharing,
        String backend,
        Set<Integer> ports,
        boolean asks) {

    static Sketch service(String name, long created) {
        return new Sketch(
                name, created, Optional.empty(), List.of(Family.IPV4), false, "", "", "", "", Set.of(80), true);
    }

    Sketch ofClass(String other) {
        return new Sketch(
                name, created, Optional.of(other), families, allFamilies, wanted, pool, sharing, backend, ports, asks);
    }

    Sketch dual(boolean all) {
        List<Family> both = List.of(Family.IPV4, Family.IPV6);
        return new Sketch(name, created, loadBalancerClass, both, all, wanted, pool, sharing, backend, ports, asks);
    }

    Sketch wanting(String addresses) {
        return new Sketch(
                name,
                created,
                loadBalancerClass,
                families,
                allFamilies,
                addresses,
                pool,
                sharing,
                backend,
                ports,
                asks);
    }

    Sketch from(String other) {
        return new Sketch(
                name, created, loadBalancerClass, families, allFamilies, wanted, other, sharing, backend, ports, asks);
    }

    Sketch sharing(String word, Integer... other) {
        return new Sketch(
                name,
                created,
                loadBalancerClass,
                families,
                allFamilies,
                wanted,
                pool,
                word,
                backend,
                Set.of(other),
                asks);
    }

    Sketch local(String selector) {
        return new Sketch(
                name, created, loadBalancerClass, families, allFamilies, wanted, pool, sharing, selector, ports, asks);
    }

    Sketch withoutRequest() {
        return new Sketch(
                name, created, loadBalancerClass, families, allFamilies, wanted, pool, sharing, backend, ports, false);
    }

    private static Optional<String> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The Service as the API server tells it, with this status. */
    BalancedService with(List<IpAddress> addresses, Optional<Condition> condition) {
        Set<IpAddress> named = new TreeSet<>();
        for (String one : wanted.split(",")) {
            optional(one).map(IpAddress::parse).ifPresent(named::add);
        }
        Set<PortKey> keys = new TreeSet<>();
        ports.forEach(port -> keys.add(new PortKey(Protocol.TCP, port)));
        Request request = new Request(
                loadBalancerClass,
                families,
                allFamilies,
                named,
                Optional.empty(),
                optional(pool),
                optional(sharing),
                backend,
                keys);
        return new BalancedService(
                new NamespacedName("shop", name),
                "uid-" + name,
                created,
                Labels.of(Map.of("app", name)),
                asks ? Optional.of(request) : Optional.empty(),
                addresses,
                false,
                condition);
    }

    BalancedService with(String... addresses) {
        return with(
                List.of(addresses).stream().map(IpAddress::parse).toList(),
                addresses.length == 0
                        ? Optional.empty()
                        : Optional.of(new Condition(BalancedService.CONDITION, true, "Assigned", "")));
    }

    static AddressPool pool(String name, String... ranges) {
        return pool(name, 0, true, Optional.empty(), ranges);
    }

    static AddressPool pool(
            String name, long priority, boolean autoAssign, Optional<LabelSelector> services, String... ranges) {
        return new AddressPool(
                name,
                "uid-" + name,
                0,
                List.of(ranges).stream().map(AddressRange::parse).toList(),
                List.of(),
                priority,
                autoAssign,
                false,
                services,
                Optional.empty(),
                PoolStatus.NONE);
    }
}
