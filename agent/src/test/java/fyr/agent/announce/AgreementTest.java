package fyr.agent.announce;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.balancer.Rendezvous;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {

    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.7");
    private static final List<IpAddress> SOME = IntStream.range(0, 20)
            .mapToObj(i -> IpAddress.parse("192.0.2.1").plus(i))
            .toList();

    /** Duties as all nodes have them that are suitable for all addresses. */
    private static Duties duties(String self, Collection<String> nodes, Collection<IpAddress> addresses) {
        Rendezvous order = Rendezvous.of(nodes);
        Map<IpAddress, List<String>> claims = new HashMap<>();
        for (IpAddress address : addresses) {
            if (order.first(address.toString(), Duties.CANDIDATES).contains(self)) {
                claims.put(address, order.first(address.toString(), Math.min(Duties.VOTERS, nodes.size() - 1 | 1)));
            }
        }
        return new Duties(Set.copyOf(addresses), claims);
    }

    private static SimulatedNodes started(long seed, int count, Collection<IpAddress> addresses) {
        SimulatedNodes nodes = new SimulatedNodes(seed, count);
        nodes.names().forEach(name -> nodes.duties(name, duties(name, nodes.names(), addresses)));
        nodes.run(3_000);
        return nodes;
    }

    private static Set<String> others(SimulatedNodes nodes, String name) {
        Set<String> others = new HashSet<>(nodes.names());
        others.remove(name);
        return others;
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "20"})
    void eachAddressIsHeldByTheBestNode(int count) {
        SimulatedNodes nodes = started(count, count, SOME);
        Rendezvous order = Rendezvous.of(nodes.names());
        Map<IpAddress, String> holders = nodes.holders();
        for (IpAddress address : SOME) {
            assertThat(holders.get(address))
                    .isEqualTo(order.first(address.toString(), 1).getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 9})
    void anAddressIsHeldAgainWithin700MillisecondsOfTheDeathOfItsHolder(int count) {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedNodes nodes = started(seed, count, SOME);
            String dead = nodes.holder(ADDRESS).orElseThrow();
            nodes.run(seed * 7);
            Map<IpAddress, String> before = nodes.holders();
            nodes.kill(dead);
            assertThat(nodes.untilHeld(ADDRESS, others(nodes, dead))).isLessThan(700);
            nodes.run(700);
            Map<IpAddress, String> after = nodes.holders();
            before.forEach((address, holder) -> {
                if (holder.equals(dead)) {
                    assertThat(after).containsKey(address);
                } else {
                    assertThat(after).as("an address that need not move").containsEntry(address, holder);
                }
            });
        }
    }

    @Test
    void aHolderThatWasStoppedDoesNotAnswerWhenItGoesOnUntilItWasGrantedTheAddressAgain() {
        SimulatedNodes nodes = started(1, 3, SOME);
        String holder = nodes.holder(ADDRESS).orElseThrow();
        nodes.stop(holder);
        assertThat(nodes.untilHeld(ADDRESS, others(nodes, holder))).isLessThan(700);
        nodes.run(5_000);
        nodes.goOn(holder);
        nodes.run(1_500);
        assertThat(nodes.holder(ADDRESS)).isPresent().isNotEqualTo(java.util.Optional.of(holder));
        assertThat(nodes.untilHeld(ADDRESS, Set.of(holder)))
                .as("it gets it back when it has been there for long")
                .isLessThan(3_000);
    }

    @Test
    void aNodeThatHearsTooFewOthersStopsAnswering() {
        SimulatedNodes nodes = started(2, 5, SOME);
        String lonely = nodes.holder(ADDRESS).orElseThrow();
        others(nodes, lonely).forEach(other -> nodes.cut(lonely, other));
        assertThat(nodes.untilHeld(ADDRESS, others(nodes, lonely))).isLessThan(700);
        nodes.run(2_000);
        assertThat(nodes.holders()).doesNotContainValue(lonely);
        nodes.heal();
        assertThat(nodes.untilHeld(ADDRESS, Set.of(lonely))).isLessThan(4_000);
    }

    @Test
    void ofTwoHalvesTheOneWithMostVotersAnswers() {
        SimulatedNodes nodes = started(3, 5, SOME);
        List<String> all = List.copyOf(nodes.names());
        for (String one : all.subList(0, 2)) {
            all.subList(2, 5).forEach(other -> nodes.cut(one, other));
        }
        nodes.run(2_000);
        assertThat(nodes.holders().keySet()).as("answered for").hasSizeGreaterThan(SOME.size() / 2);
        assertThat(nodes.holders().values()).isSubsetOf(all.subList(2, 5));
    }

    @Test
    void aProcessThatStartsAgainDoesNotForgetWhatTheOneBeforeHasGranted() {
        SimulatedNodes nodes = started(4, 3, SOME);
        for (int i = 0; i < 30; i++) {
            nodes.names().forEach(nodes::restart);
            nodes.run(137);
        }
        nodes.run(3_000);
        assertThat(nodes.holders()).hasSize(SOME.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverAreThereTwoHoldersWhateverHappens(long seed) {
        Random random = new Random(seed);
        SimulatedNodes nodes = started(seed, 3 + random.nextInt(4), SOME);
        List<String> names = List.copyOf(nodes.names());
        nodes.delay = 150;
        for (int i = 0; i < 150; i++) {
            String one = names.get(random.nextInt(names.size()));
            String other = names.get(random.nextInt(names.size()));
            switch (random.nextInt(9)) {
                case 0 -> nodes.stop(one);
                case 1, 2 -> names.forEach(nodes::goOn);
                case 3 -> nodes.kill(one);
                case 4, 5 -> nodes.restart(one);
                case 6 -> {
                    if (!one.equals(other)) {
                        nodes.cut(one, other);
                    }
                }
                case 7 -> nodes.heal();
                default -> nodes.loss = random.nextInt(2) * 0.3;
            }
            // Nodes learn of changes of Services at different moments.
            List<IpAddress> known = new ArrayList<>(SOME.subList(random.nextInt(5), SOME.size()));
            nodes.duties(one, duties(one, nodes.names(), known));
            nodes.run(random.nextInt(400));
        }
        nodes.heal();
        nodes.loss = 0;
        nodes.delay = 3;
        names.forEach(nodes::restart);
        names.forEach(name -> nodes.duties(name, duties(name, names, SOME)));
        nodes.run(5_000);
        assertThat(nodes.holders()).hasSize(SOME.size());
    }

    @Test
    void theTrafficOfALargeClusterIsAFewDatagramsPerNode() {
        int count = 300;
        List<IpAddress> many = IntStream.range(0, 60)
                .mapToObj(i -> IpAddress.parse("192.0.2.1").plus(i))
                .toList();
        SimulatedNodes nodes = started(9, count, many);
        long before = nodes.sent();
        nodes.run(1_000);
        double perNode = (nodes.sent() - before) / (double) count;
        System.out.println("300 nodes, 60 addresses: " + perNode + " datagrams a second and node");
        // As in a cluster of 5,000 nodes with 1,000 addresses.
        assertThat(perNode).isLessThan(80);
    }
}
