package fyr.compiler.service.nft;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.Backend;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 63, 64, 65, 100, 128, 129, 250, 1000, 5000, 8192})
    void everyEndpointHasItsShareOfTheSlots(int endpoints) {
        int slots = ServiceTier.slots(endpoints);
        assertThat(ServiceTier.all().boxed()).contains(slots);
        int least = slots / endpoints;
        int most = (slots + endpoints - 1) / endpoints;
        Map<Backend, Long> shares = Slots.of(backends(endpoints)).stream()
                .collect(Collectors.groupingBy(backend -> backend, Collectors.counting()));
        assertThat(shares).hasSize(endpoints);
        assertThat(shares.values()).allMatch(share -> share >= least && share <= most);
        assertThat(most * 8).isLessThanOrEqualTo(9 * least + (endpoints <= ServiceTier.EXACT ? 8 : 0));
    }

    /** Each slot is an element in the kernel: more of them than the spread needs are only a cost. */
    @ParameterizedTest
    @ValueSource(ints = {65, 100, 127, 128, 129, 255, 256, 257, 1000, 8191, 8192})
    void halfTheSlotsWouldBeFewerThanEightForEachEndpoint(int endpoints) {
        assertThat(ServiceTier.slots(endpoints)).isGreaterThanOrEqualTo(8 * endpoints);
        assertThat(ServiceTier.slots(endpoints) / 2).isLessThan(8 * endpoints);
    }

    private static List<Backend> backends(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Backend(IpAddress.parse("10.244.0.0").plus(i), 8080))
                .toList();
    }

    /** The plan is sent to the kernel slot by slot: if little has changed in a large service, little should change in the plan. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000, 5000})
    void anEndpointThatGoesTakesFewSlotsWithIt(int endpoints) {
        List<Backend> all = backends(endpoints);
        for (int gone = 0; gone < endpoints; gone += endpoints / 10) {
            List<Backend> rest = new ArrayList<>(all);
            rest.remove(gone);
            List<Backend> before = Slots.of(all);
            List<Backend> after = Slots.of(rest);
            int share = before.size() / endpoints;
            assertThat(IntStream.range(0, before.size())
                            .filter(slot -> !before.get(slot).equals(after.get(slot)))
                            .count())
                    .isLessThan(20L * share);
        }
    }
}
