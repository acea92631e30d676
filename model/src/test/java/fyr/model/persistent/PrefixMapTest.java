package fyr.model.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixMapTest {

    private static Prefix block(Random random) {
        IpAddress address = random.nextBoolean() ? IpAddress.parse("10.0.0.0") : IpAddress.parse("fd00::");
        IpAddress inside = address.plus(random.nextInt(64));
        int bits = address.family().bits();
        return Prefix.containing(inside, random.nextInt(20) == 0 ? random.nextInt(9) : bits - random.nextInt(8));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void findsWhatALookAtEveryEntryFinds(long seed) {
        Random random = new Random(seed);
        Map<Prefix, Integer> expected = new TreeMap<>();
        PrefixMap<Integer> map = PrefixMap.empty();
        for (int step = 0; step < 3000; step++) {
            Prefix block = block(random);
            if (random.nextInt(3) == 0) {
                expected.remove(block);
                map = map.without(block);
            } else {
                expected.put(block, step);
                map = map.with(block, step);
            }
            Prefix asked = block(random);
            assertThat(map.get(asked)).isEqualTo(java.util.Optional.ofNullable(expected.get(asked)));
            List<Map.Entry<Prefix, Integer>> overlapping = expected.entrySet().stream()
                    .filter(entry -> entry.getKey().overlaps(asked))
                    .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                    .toList();
            assertThat(map.overlapping(asked)).isEqualTo(overlapping);
            assertThat(map.firstOverlapping(asked))
                    .isEqualTo(overlapping.stream().findFirst());
        }
    }
}
