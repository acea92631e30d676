package fyr.agent.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RendezvousTest {

    private static final List<String> ADDRESSES = IntStream.range(0, 1_000)
            .mapToObj(i -> "10.20." + i / 250 + "." + i % 250)
            .toList();

    private static List<String> nodes(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "node" + i).toList();
    }

    private static Map<String, String> first(List<String> nodes) {
        Rendezvous order = Rendezvous.of(nodes);
        Map<String, String> first = new HashMap<>();
        ADDRESSES.forEach(address -> first.put(address, order.first(address, 1).getFirst()));
        return first;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 50})
    void aThousandAddressesAreSpreadEvenly(int count) {
        Map<String, Integer> load = new HashMap<>();
        first(nodes(count)).values().forEach(node -> load.merge(node, 1, Integer::sum));
        double mean = 1_000.0 / count;
        double deviation = Math.sqrt(mean * (1 - 1.0 / count)); // as if each were drawn
        assertThat(load).hasSize(count);
        assertThat(load.values())
                .allSatisfy(some -> assertThat((double) some).isBetween(mean - 4 * deviation, mean + 4 * deviation));
    }

    @Test
    void onlyTheAddressesOfANodeThatLeavesMove() {
        List<String> all = nodes(10);
        Map<String, String> before = first(all);
        List<String> rest = new ArrayList<>(all);
        rest.remove("node4");
        Map<String, String> after = first(rest);
        for (String address : ADDRESSES) {
            if (!"node4".equals(before.get(address))) {
                assertThat(after).containsEntry(address, before.get(address));
            } else {
                assertThat(after.get(address))
                        .isEqualTo(Rendezvous.of(all).first(address, 2).get(1));
            }
        }
    }

    @Test
    void anAddressMovesOnlyToANodeThatJoins() {
        Map<String, String> before = first(nodes(10));
        Map<String, String> after = first(nodes(11));
        long moved = ADDRESSES.stream()
                .filter(address -> !Objects.equals(before.get(address), after.get(address)))
                .peek(address -> assertThat(after).containsEntry(address, "node11"))
                .count();
        assertThat(moved).isBetween(50L, 150L);
    }

    @Test
    void theOrderIsTheSameHoweverItIsAsked() {
        List<String> nodes = nodes(40);
        for (String address : ADDRESSES.subList(0, 50)) {
            List<String> order = Rendezvous.of(nodes.reversed()).first(address, 40);
            assertThat(order).containsExactlyInAnyOrderElementsOf(nodes);
            assertThat(Rendezvous.of(nodes).first(address, 5)).isEqualTo(order.subList(0, 5));
            for (int i = 1; i < order.size(); i++) {
                assertThat(Rendezvous.isBefore(address, order.get(i - 1), order.get(i)))
                        .isTrue();
            }
        }
    }
}
