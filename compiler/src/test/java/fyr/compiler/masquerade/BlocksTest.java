package fyr.compiler.masquerade;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {

    private static final Blocks NONE = new Blocks("blocks", PrefixMap.empty(), PersistentMap.empty());

    private static Blocks of(String... prefixes) {
        Blocks blocks = NONE;
        for (String prefix : prefixes) {
            blocks = blocks.add(Prefix.parse(prefix));
        }
        return blocks;
    }

    @Test
    void ofNestedOnesTheOutermostIsAnElement() {
        assertThat(of("10.0.0.0/24", "10.0.0.0/16", "10.0.3.0/24", "10.0.0.0/32")
                        .objects())
                .isEqualTo(of("10.0.0.0/16").objects());
        assertThat(of("10.0.0.0/24", "10.0.1.0/24", "fd00::/64").objects().size())
                .isEqualTo(3);
    }

    @Test
    void whatWasCoveredComesToLightAgain() {
        Blocks all = of("10.0.0.0/16", "10.0.3.0/24", "10.0.3.0/25", "10.0.3.7/32", "10.0.3.7/32", "10.0.9.0/24");
        Blocks without = all.remove(Prefix.parse("10.0.0.0/16"));
        assertThat(without.objects()).isEqualTo(of("10.0.3.0/24", "10.0.9.0/24").objects());
        Blocks addressOnly = without.remove(Prefix.parse("10.0.3.0/24"))
                .remove(Prefix.parse("10.0.3.0/25"))
                .remove(Prefix.parse("10.0.3.7/32"));
        assertThat(addressOnly.objects())
                .isEqualTo(of("10.0.3.7/32", "10.0.9.0/24").objects());
    }

    /** The same prefixes always give the same elements; these cover what the prefixes cover, and do not overlap. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void elementsDependOnThePrefixesAlone(long seed) {
        Random random = new Random(seed);
        List<Prefix> prefixes = new ArrayList<>();
        Blocks blocks = NONE;
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(3) == 0 && !prefixes.isEmpty()) {
                blocks = blocks.remove(prefixes.remove(random.nextInt(prefixes.size())));
            } else {
                IpAddress address = IpAddress.parse(random.nextInt(4) == 0 ? "fd00::" : "10.0.0.0")
                        .plus(random.nextInt(64));
                int bits = address.family().bits();
                Prefix prefix = Prefix.containing(address, bits - random.nextInt(random.nextInt(8) == 0 ? 20 : 5));
                prefixes.add(prefix);
                blocks = blocks.add(prefix);
            }
            assertThat(blocks.objects()).isEqualTo(anew(prefixes));
        }
    }

    private static PersistentMap<NftKey, NftObject> anew(List<Prefix> prefixes) {
        Blocks blocks = NONE;
        for (Prefix prefix : prefixes) {
            boolean outermost = prefixes.stream().noneMatch(other -> !other.equals(prefix) && other.contains(prefix));
            blocks = outermost ? blocks.add(prefix) : blocks;
        }
        return blocks.objects();
    }

    @Test
    void oneMoreTouchesNothingElse() {
        Blocks many = NONE;
        for (int i = 0; i < 5000; i++) {
            many = many.add(new Prefix(IpAddress.parse("10.0.0.0").plus(256L * i), 24));
        }
        int[] changes = {0};
        many.add(Prefix.parse("172.16.0.0/24"))
                .objects()
                .differences(many.objects(), (key, before, after) -> changes[0]++);
        assertThat(changes[0]).isEqualTo(1);
    }
}
