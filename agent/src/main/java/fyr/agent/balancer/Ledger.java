package fyr.agent.balancer;

import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.BalancedService.PortKey;
import fyr.model.balancer.BalancedService.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has which address during one run of the {@link Allocator}. Services may have the same address if all of them carry the same word for
 * sharing, none of their ports are the same, and they lead to the same endpoints if one of them restricts traffic to local ones: the node that
 * announces the address must suit all of them. These are the rules of MetalLB.
 */
final class Ledger {

    private final Map<IpAddress, Holders> holders = new HashMap<>();
    private final Map<String, NavigableSet<IpAddress>> shared = new HashMap<>();

    /** The Services that have one address. */
    private record Holders(
            Optional<String> sharing, String backend, Map<PortKey, NamespacedName> ports, Set<NamespacedName> names) {}

    /** Who prevents the Service from having the address, and why; empty if nobody does. */
    Optional<String> obstacle(IpAddress address, NamespacedName name, Request request) {
        Holders present = holders.get(address);
        if (present == null) {
            return Optional.empty();
        }
        String others = String.join(
                ", ",
                present.names().stream().map(NamespacedName::toString).limit(3).toList());
        if (present.sharing().isEmpty() || !present.sharing().equals(request.sharing())) {
            return Optional.of(others + " has it, and the two do not agree to share it");
        }
        if (!present.backend().equals(request.backend())) {
            return Optional.of(others + " has it, and leads to other endpoints although traffic must stay local");
        }
        return request.ports().stream()
                .filter(port -> present.ports().containsKey(port))
                .findFirst()
                .map(port -> present.ports().get(port) + " has it with port " + port);
    }

    /** Notes that the Service has the address; there must be no {@link #obstacle}. */
    void take(IpAddress address, BalancedService service, Request request) {
        Holders all = holders.computeIfAbsent(
                address, _ -> new Holders(request.sharing(), request.backend(), new HashMap<>(), new TreeSet<>()));
        request.ports().forEach(port -> all.ports().put(port, service.name()));
        all.names().add(service.name());
        request.sharing()
                .ifPresent(word ->
                        shared.computeIfAbsent(word, _ -> new TreeSet<>()).add(address));
    }

    boolean isTaken(IpAddress address) {
        return holders.containsKey(address);
    }

    /** All addresses that somebody has, in ascending order. */
    Set<IpAddress> addresses() {
        return new TreeMap<>(holders).navigableKeySet();
    }

    /** The addresses of those who use this word for sharing, in ascending order. */
    Set<IpAddress> sharedBy(String word) {
        return shared.getOrDefault(word, new TreeSet<>());
    }
}
