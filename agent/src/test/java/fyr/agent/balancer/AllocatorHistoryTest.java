package fyr.agent.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.BalancedService.PortKey;
import fyr.model.balancer.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of Services and pools that compete for few addresses. After each change the statuses are written and calculated again, as
 * an agent does that is elected for each step anew.
 */
class AllocatorHistoryTest {

    private static final int STEPS = 400;

    private final Map<String, Sketch> services = new TreeMap<>();
    private final Map<String, AddressPool> pools = new TreeMap<>();
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private final Map<String, Condition> conditions = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsAssignedTwiceAndNothingMovesThatNeedNot(long seed) {
        Random random = new Random(seed);
        pools.put("p0", Sketch.pool("p0", "10.0.0.0-10.0.0.5"));
        int assigned = 0;
        for (int step = 0; step < STEPS; step++) {
            String changed = change(random);
            Map<String, List<IpAddress>> before = Map.copyOf(addresses);
            Assignments all = calculate(random);
            write(all);
            noneTwice();
            unmoved(before, changed);
            stable(random);
            assigned += addresses.values().stream().mapToInt(List::size).sum();
        }
        assertThat(assigned).as("addresses that were assigned, over all steps").isGreaterThan(STEPS);
    }

    /** A change of one Service, whose name is returned, or of a pool. */
    private String change(Random random) {
        String name = "s" + random.nextInt(12);
        switch (random.nextInt(10)) {
            case 0 -> forget(name);
            case 1 -> services.computeIfPresent(name, (_, one) -> one.withoutRequest());
            case 2 -> {
                String pool = "p" + random.nextInt(3);
                int first = random.nextInt(8);
                pools.put(
                        pool,
                        Sketch.pool(
                                pool,
                                random.nextInt(3),
                                random.nextBoolean(),
                                Optional.empty(),
                                "10.0.0." + first + "-10.0.0." + (first + random.nextInt(4)),
                                "2001:db8::" + first + "-2001:db8::" + (first + random.nextInt(3))));
                return "";
            }
            case 3 -> {
                pools.remove("p" + random.nextInt(3));
                return "";
            }
            default -> services.put(name, sketch(random, name));
        }
        return name;
    }

    private void forget(String name) {
        services.remove(name);
        addresses.remove(name);
        conditions.remove(name);
    }

    private static Sketch sketch(Random random, String name) {
        Sketch one = Sketch.service(name, random.nextInt(5));
        one = random.nextInt(3) == 0 ? one.dual(random.nextBoolean()) : one;
        one = random.nextInt(3) == 0 ? one.sharing("k" + random.nextInt(2), 80 + random.nextInt(3)) : one;
        one = random.nextInt(5) == 0 ? one.local("app=" + random.nextInt(2)) : one;
        one = random.nextInt(4) == 0 ? one.wanting("10.0.0." + random.nextInt(10)) : one;
        return random.nextInt(6) == 0 ? one.from("p" + random.nextInt(3)) : one;
    }

    private List<BalancedService> told() {
        List<BalancedService> all = new ArrayList<>();
        services.forEach((name, one) ->
                all.add(one.with(addresses.getOrDefault(name, List.of()), Optional.ofNullable(conditions.get(name)))));
        return all;
    }

    private Assignments calculate(Random random) {
        List<BalancedService> shuffled = told();
        Collections.shuffle(shuffled, random);
        List<AddressPool> offered = new ArrayList<>(pools.values());
        Collections.shuffle(offered, random);
        return Allocator.allocate(shuffled, offered, _ -> Labels.none(), Set.of(IpAddress.parse("10.0.0.3")));
    }

    private void write(Assignments all) {
        all.services().forEach((name, assignment) -> {
            assignment.addresses().ifPresent(some -> addresses.put(name.name(), some));
            assignment
                    .condition()
                    .ifPresentOrElse(said -> conditions.put(name.name(), said), () -> conditions.remove(name.name()));
        });
    }

    /** What was written is what another agent would write, in whatever order it hears of the objects. */
    private void stable(Random random) {
        Map<String, List<IpAddress>> written = Map.copyOf(addresses);
        Map<String, Condition> said = Map.copyOf(conditions);
        write(calculate(random));
        assertThat(addresses).isEqualTo(written);
        assertThat(conditions).isEqualTo(said);
    }

    private void noneTwice() {
        Map<IpAddress, Map<PortKey, NamespacedName>> owners = new HashMap<>();
        for (BalancedService service : told()) {
            if (service.request().isEmpty()) {
                assertThat(service.addresses()).isEmpty();
                continue;
            }
            for (IpAddress address : service.addresses()) {
                assertThat(pools.values()).anyMatch(pool -> pool.contains(address));
                assertThat(address).isNotEqualTo(IpAddress.parse("10.0.0.3"));
                for (PortKey port : service.request().get().ports()) {
                    NamespacedName other = owners.computeIfAbsent(address, _ -> new HashMap<>())
                            .put(port, service.name());
                    assertThat(other).as("%s %s", address, port).isNull();
                }
                assertSharing(service, address);
            }
        }
    }

    private void assertSharing(BalancedService service, IpAddress address) {
        told().stream()
                .filter(other -> !other.name().equals(service.name())
                        && other.addresses().contains(address))
                .forEach(other -> assertThat(other.request().orElseThrow().sharing())
                        .isPresent()
                        .isEqualTo(service.request().orElseThrow().sharing()));
    }

    /** An address of a Service that was not changed stays, unless the changed one has it too and is the older one. */
    private void unmoved(Map<String, List<IpAddress>> before, String changed) {
        if (changed.isEmpty()) {
            return; // pools have changed; then only what is in a pool no more may move
        }
        services.forEach((name, one) -> {
            List<IpAddress> had = before.getOrDefault(name, List.of());
            if (!name.equals(changed) && one.asks() && !had.isEmpty()) {
                List<IpAddress> has = addresses.getOrDefault(name, List.of());
                for (Family family : Family.values()) {
                    had.stream()
                            .filter(address -> address.family() == family)
                            .filter(address ->
                                    !addresses.getOrDefault(changed, List.of()).contains(address))
                            .forEach(address -> assertThat(has)
                                    .as("%s after %s", name, changed)
                                    .contains(address));
                }
            }
        });
    }
}
