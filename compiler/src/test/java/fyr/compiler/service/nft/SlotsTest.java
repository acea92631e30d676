package fyr.compiler.service.nft;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.Backend;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {

    private static List<Backend> backends(int number, String first) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Backend(IpAddress.parse(first).plus(i), 8080))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 17, 63, 64, 65, 250, 1000, 5000, 8192})
    void everyEndpointHasOneSlot(int endpoints) {
        for (String first : List.of("10.244.0.0", "fd00::1")) {
            List<Backend> all = backends(endpoints, first);
            assertThat(Slots.of(all)).hasSize(endpoints).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @Test
    void thoseBeyondTheLargestTierHaveNone() {
        List<Backend> all = backends(ServiceTier.LARGEST + 3, "10.244.0.0");
        assertThat(Slots.of(all)).hasSize(ServiceTier.LARGEST).doesNotContain(all.getLast());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOrderOfTheEndpointsDoesNotMatter(long seed) {
        List<Backend> all = new ArrayList<>(backends(300, "10.244.0.0"));
        List<Backend> slots = Slots.of(all);
        Collections.shuffle(all, new Random(seed));
        assertThat(Slots.of(all)).isEqualTo(slots);
    }

    /** The plan is sent to the kernel slot by slot: what one endpoint changes must not grow with the service. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000, 1023, 1024, 4095, 4096, 5000, 8191, 10000})
    void oneEndpointMoreOrLessChangesFewSlots(int endpoints) {
        List<Backend> all = backends(endpoints + 1, "10.244.0.0");
        int changed = 0;
        List<Backend> before = Slots.of(all);
        for (int gone = 0; gone < 10; gone++) {
            List<Backend> rest = new ArrayList<>(all);
            rest.remove(gone * (endpoints / 10));
            List<Backend> after = Slots.of(rest);
            changed += (int) IntStream.range(0, endpoints)
                            .filter(slot -> !before.get(slot).equals(after.get(slot)))
                            .count()
                    + 1;
        }
        assertThat(changed / 10.0).isLessThan(3 * Math.log(endpoints));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 24, 25, 32, 33, 48, 49, 100, 10000, 65535, 65536, 70000})
    void theTierAndTheOneBelowEncloseTheNumber(int endpoints) {
        int slots = Math.min(endpoints, ServiceTier.LARGEST);
        int tier = ServiceTier.of(endpoints);
        assertThat(ServiceTier.all().boxed()).contains(tier);
        assertThat(tier).isGreaterThanOrEqualTo(slots).isLessThanOrEqualTo(slots + slots / 2);
        if (tier > 1) {
            assertThat(ServiceTier.below(tier)).isLessThan(slots);
            assertThat(ServiceTier.all().boxed()).contains(ServiceTier.below(tier));
        }
    }

    @Test
    void thereAreFewTiers() {
        assertThat(new HashSet<>(ServiceTier.all().boxed().toList())).hasSize(40);
    }
}
