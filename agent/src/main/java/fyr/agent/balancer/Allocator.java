package fyr.agent.balancer;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.BalancedService.Request;
import fyr.model.balancer.Condition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Assigns load balancer addresses to Services, as a pure function: of the Services with their statuses, the pools, and the addresses that
 * nodes have. What a status says stays as long as it may. Of Services that need an address, those that name one come first, then the older
 * ones, then those whose names come first.
 */
final class Allocator {

    /** The class of Services that are meant for this project; those without a class are too. */
    static final String CLASS = "fyr.dev/l2";

    private final Pools pools;
    private final Ledger ledger = new Ledger();
    private final List<Open> open = new ArrayList<>();
    private final Map<NamespacedName, Assignment> done = new HashMap<>();

    /** A Service and what it has been given so far. */
    private static final class Open {
        private final BalancedService service;
        private final Request request;
        private final Map<Family, IpAddress> given = new TreeMap<>();
        private Optional<Refusal> refusal = Optional.empty();
        private Optional<IpAddress> taken = Optional.empty();

        Open(BalancedService service, Request request) {
            this.service = service;
            this.request = request;
        }

        void refuse(String reason, String message) {
            refusal = refusal.or(() -> Optional.of(new Refusal(reason, message)));
        }

        boolean needs(Family family) {
            return request.families().contains(family) && !given.containsKey(family);
        }
    }

    private record Refusal(String reason, String message) {}

    private Allocator(Pools pools) {
        this.pools = pools;
    }

    /**
     * Computes all assignments.
     *
     * @param namespaces the labels of a namespace
     * @param reserved addresses that no Service may have because nodes have them
     */
    static Assignments allocate(
            Collection<BalancedService> services,
            Collection<AddressPool> pools,
            Function<String, Labels> namespaces,
            Set<IpAddress> reserved) {
        Allocator allocator = new Allocator(new Pools(pools, namespaces, reserved));
        services.stream()
                .sorted(Comparator.comparingLong(BalancedService::created).thenComparing(BalancedService::name))
                .forEach(allocator::admit);
        allocator.open.forEach(allocator::keep);
        allocator.open.forEach(allocator::serveWanted);
        allocator.open.forEach(allocator::serveAny);
        allocator.open.forEach(allocator::sayWhoHasIt);
        allocator.open.forEach(one -> allocator.done.put(one.service.name(), outcome(one)));
        return new Assignments(allocator.done, PoolReports.of(pools, allocator.ledger.addresses(), reserved));
    }

    /** Sorts out the Services that get nothing. */
    private void admit(BalancedService service) {
        if (service.request().isEmpty()) {
            boolean ours = service.condition().isPresent()
                    || service.addresses().stream().anyMatch(pools::anyContains);
            if (ours) {
                done.put(service.name(), new Assignment(Optional.of(List.of()), Optional.empty()));
            }
            return;
        }
        Request request = service.request().get();
        if (request.loadBalancerClass().filter(other -> !other.equals(CLASS)).isPresent()) {
            if (service.condition().isPresent()) {
                done.put(service.name(), new Assignment(Optional.empty(), Optional.empty()));
            }
        } else if (isOthers(service)) {
            done.put(
                    service.name(),
                    new Assignment(
                            Optional.empty(),
                            Optional.of(condition(
                                    false,
                                    "AssignedByAnother",
                                    "its status has addresses of no pool, which another controller has"
                                            + " written; they stay"))));
        } else {
            open.add(new Open(service, request));
        }
    }

    /** Whether another controller has written the status: two of them would write in turn without end. */
    private boolean isOthers(BalancedService service) {
        boolean unknown = service.foreign()
                || !service.addresses().isEmpty()
                        && service.addresses().stream().noneMatch(pools::anyContains);
        boolean written = service.condition()
                .filter(said -> !said.reason().equals("AssignedByAnother"))
                .isPresent();
        return unknown && !written;
    }

    /** Leaves the Service the addresses that it has, as far as it may have them. */
    private void keep(Open one) {
        Request request = one.request;
        if (request.complaint().isPresent()) {
            one.refuse("InvalidRequest", request.complaint().get());
            return;
        }
        for (IpAddress address : one.service.addresses()) {
            boolean meant = request.wanted().isEmpty() || request.wanted().contains(address);
            if (meant
                    && one.needs(address.family())
                    && pools.admit(one.service, request, address)
                    && ledger.obstacle(address, one.service.name(), request).isEmpty()) {
                give(one, address);
            }
        }
    }

    private void give(Open one, IpAddress address) {
        ledger.take(address, one.service, one.request);
        one.given.put(address.family(), address);
    }

    private void serveWanted(Open one) {
        if (one.refusal.isPresent()) {
            return;
        }
        for (IpAddress address : one.request.wanted()) {
            if (address.equals(one.given.get(address.family()))) {
                continue;
            }
            Optional<String> obstacle = ledger.obstacle(address, one.service.name(), one.request);
            if (!one.request.families().contains(address.family())) {
                one.refuse("InvalidRequest", address + " is of a family that the Service does not have");
            } else if (one.given.containsKey(address.family())) {
                one.refuse("InvalidRequest", "it names more than one address of a family");
            } else if (!pools.anyContains(address)) {
                one.refuse("NotInPool", address + " is in no pool");
            } else if (!pools.admit(one.service, one.request, address)) {
                one.refuse("NotAdmitted", "the pool of " + address + " is not for this Service");
            } else if (obstacle.isPresent()) {
                one.taken = one.taken.or(() -> Optional.of(address));
            } else {
                give(one, address);
            }
        }
    }

    /** At the end, when all who share the address are known: the same words whether they had it before or got it now. */
    private void sayWhoHasIt(Open one) {
        one.taken.ifPresent(address -> one.refuse(
                "AddressTaken",
                address + ": "
                        + ledger.obstacle(address, one.service.name(), one.request)
                                .orElse("another Service has it")));
    }

    private void serveAny(Open one) {
        if (one.refusal.isPresent() || !one.request.wanted().isEmpty()) {
            return;
        }
        List<AddressPool> usable = pools.of(one.service, one.request);
        for (Family family : one.request.families()) {
            if (one.needs(family)) {
                usable.stream()
                        .flatMap(pool -> choose(one, pool, family).stream())
                        .findFirst()
                        .ifPresent(address -> give(one, address));
            }
            if (one.needs(family)) {
                refuseFamily(one, usable, family);
            }
        }
    }

    private void refuseFamily(Open one, List<AddressPool> usable, Family family) {
        boolean exists = usable.stream().anyMatch(pool -> pool.size(family) > 0);
        Optional<String> missing = one.request.pool().filter(name -> !pools.exist(name));
        if (missing.isPresent()) {
            one.refuse("NoPool", "there is no pool " + missing.get());
        } else if (exists) {
            one.refuse("PoolExhausted", "all addresses of " + text(family) + " that it may have are assigned");
        } else {
            one.refuse("NoPool", "no pool has addresses of " + text(family) + " for this Service");
        }
    }

    private static String text(Family family) {
        return family == Family.IPV4 ? "IPv4" : "IPv6";
    }

    /** A shared address if the Service shares and one fits, otherwise a free one. */
    private Optional<IpAddress> choose(Open one, AddressPool pool, Family family) {
        Optional<IpAddress> shared = one.request.sharing().stream()
                .flatMap(word -> ledger.sharedBy(word).stream())
                .filter(address -> address.family() == family && pool.contains(address))
                .filter(address -> ledger.obstacle(address, one.service.name(), one.request)
                        .isEmpty())
                .findFirst();
        return shared.or(() -> pools.free(pool, family, ledger));
    }

    private static Assignment outcome(Open one) {
        List<IpAddress> addresses = one.request.families().stream()
                .flatMap(family -> Optional.ofNullable(one.given.get(family)).stream())
                .toList();
        boolean enough = !addresses.isEmpty()
                && !one.request.allFamilies()
                && one.request.wanted().isEmpty();
        Condition condition = one.refusal
                .map(why -> condition(enough, why.reason(), why.message()))
                .orElseGet(() -> condition(true, "Assigned", ""));
        return new Assignment(Optional.of(addresses), Optional.of(condition));
    }

    private static Condition condition(boolean holds, String reason, String message) {
        return new Condition(BalancedService.CONDITION, holds, reason, message);
    }
}
