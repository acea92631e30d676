package fyr.agent.balancer;

import static fyr.agent.balancer.Sketch.pool;
import static fyr.agent.balancer.Sketch.service;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.LabelSelector.Operator;
import fyr.model.policy.LabelSelector.Requirement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllocatorTest {

    private static Assignments run(List<AddressPool> pools, BalancedService... services) {
        return Allocator.allocate(List.of(services), pools, _ -> Labels.none(), Set.of());
    }

    private static Assignment of(Assignments all, String name) {
        return Optional.ofNullable(all.services().get(new NamespacedName("shop", name)))
                .orElseThrow();
    }

    private static PoolStatus status(Assignments all, String name) {
        return Optional.ofNullable(all.pools().get(name)).orElseThrow();
    }

    private static String addresses(Assignments all, String name) {
        return String.join(
                ",",
                of(all, name).addresses().orElseThrow().stream()
                        .map(IpAddress::toString)
                        .toList());
    }

    private static String reason(Assignments all, String name) {
        return of(all, name).condition().orElseThrow().reason();
    }

    @Test
    void theOlderServiceComesFirstAndThenTheNameDecides() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.1-10.0.0.2")),
                service("c", 7).with(),
                service("b", 7).with(),
                service("z", 3).with());
        assertThat(addresses(all, "z")).isEqualTo("10.0.0.1");
        assertThat(addresses(all, "b")).isEqualTo("10.0.0.2");
        assertThat(addresses(all, "c")).isEmpty();
        assertThat(reason(all, "c")).isEqualTo("PoolExhausted");
        assertThat(status(all, "p").conditions()).anyMatch(one -> one.type().equals("Exhausted") && one.holds());
    }

    @Test
    void whatAStatusSaysStaysThoughAnOlderServiceWouldHaveGotIt() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.1-10.0.0.9")),
                service("old", 1).with(),
                service("new", 9).with("10.0.0.1"));
        assertThat(addresses(all, "new")).isEqualTo("10.0.0.1");
        assertThat(addresses(all, "old")).isEqualTo("10.0.0.2");
    }

    @Test
    void ofTwoStatusesThatCannotBothHoldTheOlderServiceKeepsIts() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.1-10.0.0.9")),
                service("a", 5).with("10.0.0.4"),
                service("b", 2).with("10.0.0.4"));
        assertThat(addresses(all, "b")).isEqualTo("10.0.0.4");
        assertThat(addresses(all, "a")).isEqualTo("10.0.0.1");
    }

    @Test
    void aNamedAddressIsGivenFromPoolsWithoutAutomaticAssignmentToo() {
        AddressPool dear = pool("dear", 0, false, Optional.empty(), "10.9.0.0/24");
        Assignments all = run(
                List.of(dear),
                service("a", 1).wanting("10.9.0.7").with(),
                service("b", 2).with(),
                service("c", 3).from("dear").with());
        assertThat(addresses(all, "a")).isEqualTo("10.9.0.7");
        assertThat(reason(all, "b")).isEqualTo("NoPool");
        assertThat(addresses(all, "c")).isEqualTo("10.9.0.0");
    }

    @Test
    void anAddressThatAnotherOneHasIsRefusedWithItsName() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.0/24")),
                service("a", 1).with("10.0.0.5"),
                service("b", 2).wanting("10.0.0.5").with(),
                service("c", 3).wanting("10.7.0.5").with());
        assertThat(reason(all, "b")).isEqualTo("AddressTaken");
        assertThat(of(all, "b").condition().orElseThrow().message()).contains("shop/a");
        assertThat(reason(all, "c")).isEqualTo("NotInPool");
    }

    @Test
    void anotherWantedAddressReplacesTheOneInTheStatus() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.0/24")),
                service("a", 1).wanting("10.0.0.9").with("10.0.0.5"));
        assertThat(addresses(all, "a")).isEqualTo("10.0.0.9");
    }

    @Test
    void servicesShareAnAddressWithOneWordAndDifferentPorts() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.0/24")),
                service("a", 1).sharing("k", 80).with(),
                service("b", 2).sharing("k", 443).with(),
                service("c", 3).sharing("k", 80, 8080).with(),
                service("d", 4).sharing("other", 81).with(),
                service("e", 5).sharing("k", 82).local("app=e").with());
        assertThat(addresses(all, "b")).isEqualTo(addresses(all, "a"));
        assertThat(Set.of(addresses(all, "a"), addresses(all, "c"), addresses(all, "d"), addresses(all, "e")))
                .hasSize(4);
    }

    @Test
    void familiesComeFromDifferentPoolsAndAMissingOneIsSaid() {
        AddressPool four = pool("four", "10.0.0.0/24");
        AddressPool six = pool("six", "2001:db8::1-2001:db8::1");
        Assignments all = run(
                List.of(four, six),
                service("a", 1).dual(true).with(),
                service("b", 2).dual(false).with(),
                service("c", 3).dual(true).with());
        assertThat(addresses(all, "a")).isEqualTo("10.0.0.0,2001:db8::1");
        assertThat(addresses(all, "b")).isEqualTo("10.0.0.1");
        assertThat(of(all, "b").condition().orElseThrow().holds()).isTrue();
        assertThat(of(all, "b").condition().orElseThrow().message()).contains("IPv6");
        assertThat(of(all, "c").condition().orElseThrow().holds()).isFalse();
    }

    @Test
    void selectorsAndPriorityChooseThePool() {
        LabelSelector onlyB = new LabelSelector(List.of(new Requirement("app", Operator.IN, Set.of("b"))));
        Assignments all = run(
                List.of(
                        pool("a-later", "10.1.0.0/24"),
                        pool("first", 5, true, Optional.of(onlyB), "10.2.0.0/24"),
                        pool("second", 9, true, Optional.empty(), "10.3.0.0/24")),
                service("a", 1).with(),
                service("b", 2).with());
        assertThat(addresses(all, "a")).isEqualTo("10.3.0.0");
        assertThat(addresses(all, "b")).isEqualTo("10.2.0.0");
    }

    @Test
    void statusesOfOthersStay() {
        List<AddressPool> pools = List.of(pool("p", "10.0.0.0/24"));
        BalancedService cloud = service("cloud", 1).with(List.of(IpAddress.parse("198.51.100.7")), Optional.empty());
        Assignments all = run(
                pools, cloud, service("other", 2).ofClass("vendor.example/lb").with(List.of(), Optional.empty()));
        assertThat(of(all, "cloud").addresses()).isEmpty();
        assertThat(reason(all, "cloud")).isEqualTo("AssignedByAnother");
        assertThat(all.services()).doesNotContainKey(new NamespacedName("shop", "other"));
    }

    @Test
    void anAddressOfAPoolThatAnotherControllerHasAssignedIsTakenOver() {
        BalancedService before = service("a", 1).with(List.of(IpAddress.parse("10.0.0.77")), Optional.empty());
        Assignments all = run(List.of(pool("p", "10.0.0.0/24")), before);
        assertThat(addresses(all, "a")).isEqualTo("10.0.0.77");
        assertThat(reason(all, "a")).isEqualTo("Assigned");
    }

    @Test
    void aServiceThatAsksNoMoreLosesItsStatus() {
        Assignments all = run(
                List.of(pool("p", "10.0.0.0/24")),
                service("a", 1).withoutRequest().with("10.0.0.1"));
        assertThat(of(all, "a")).isEqualTo(new Assignment(Optional.of(List.of()), Optional.empty()));
    }

    @Test
    void theAddressesOfNodesAreNeverAssigned() {
        Assignments all = Allocator.allocate(
                List.of(service("a", 1).with("10.0.0.1"), service("b", 2).with()),
                List.of(pool("p", "10.0.0.1-10.0.0.3")),
                _ -> Labels.none(),
                Set.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2")));
        assertThat(addresses(all, "a")).isEqualTo("10.0.0.3");
        assertThat(addresses(all, "b")).isEmpty();
    }

    @Test
    void poolsWithCommonAddressesAreNamed() {
        Assignments all =
                run(List.of(pool("p", "10.0.0.0/24"), pool("q", "10.0.0.255-10.0.1.3"), pool("r", "10.0.2.0/24")));
        assertThat(overlap(all, "p").message()).contains("q");
        assertThat(overlap(all, "q").message()).contains("p");
        assertThat(overlap(all, "r").holds()).isFalse();
    }

    private static Condition overlap(Assignments all, String pool) {
        return status(all, pool).conditions().stream()
                .filter(one -> one.type().equals("Overlap"))
                .findFirst()
                .orElseThrow();
    }
}
