package fyr.cni.address;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.address.NodeAddresses.Taken;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NodeAddressesTest {

    private static NodeAddresses of(List<String> blocks, String... taken) {
        return behind(List.of(), blocks, taken);
    }

    private static NodeAddresses behind(List<String> last, List<String> blocks, String... taken) {
        return new NodeAddresses(
                blocks.stream().map(Prefix::parse).toList(),
                List.of(taken).stream().map(IpAddress::parse).toList(),
                last.stream().map(IpAddress::parse).toList());
    }

    @Test
    void goesOnWhereItWas() {
        NodeAddresses addresses = of(List.of("10.0.0.0/29", "fd00::/64"));
        take(addresses);
        take(addresses);
        List<String> last = addresses.last().stream().map(IpAddress::toString).toList();
        assertThat(last).containsExactly("10.0.0.2", "fd00::2");
        assertThat(take(behind(last, List.of("10.0.0.0/29", "fd00::/64")))).isEqualTo("[10.0.0.3, fd00::3]");
        assertThat(take(behind(last, List.of("10.0.0.0/29", "fd00::/64"), "10.0.0.5")))
                .as("the highest in use says less")
                .isEqualTo("[10.0.0.3, fd00::3]");
        assertThat(take(behind(List.of("10.0.0.6"), List.of("10.0.0.0/29")))).isEqualTo("[10.0.0.1]");
        assertThat(take(behind(List.of("192.0.2.1", "::", "10.0.0.7", "10.0.0.0"), List.of("10.0.0.0/29"))))
                .as("what is no pod's address")
                .isEqualTo("[10.0.0.1]");
    }

    private static String take(NodeAddresses addresses) {
        return switch (addresses.take()) {
            case Taken.Addresses(List<IpAddress> taken) -> taken.toString();
            case Taken.Exhausted(Prefix block) -> "exhausted " + block;
        };
    }

    @Test
    void leavesFirstAndBroadcastAlone() {
        NodeAddresses addresses = of(List.of("10.0.0.0/30"));
        assertThat(List.of(take(addresses), take(addresses), take(addresses)))
                .containsExactly("[10.0.0.1]", "[10.0.0.2]", "exhausted 10.0.0.0/30");
        NodeAddresses six = of(List.of("fd00::/126"));
        assertThat(List.of(take(six), take(six), take(six), take(six)))
                .containsExactly("[fd00::1]", "[fd00::2]", "[fd00::3]", "exhausted fd00::/126");
    }

    @Test
    void tinyAndHugeBlocks() {
        for (String block : List.of("10.0.0.0/32", "10.0.0.0/31", "fd00::/128")) {
            assertThat(take(of(List.of(block)))).isEqualTo("exhausted " + block);
        }
        assertThat(take(of(List.of("0.0.0.0/0")))).isEqualTo("[0.0.0.1]");
        assertThat(take(of(List.of("::/0"), "ffff::1", "0:0:0:1::5"))).isEqualTo("[::1]");
        assertThat(take(of(List.of("10.0.0.0/16"), "10.0.255.254"))).isEqualTo("[10.0.0.1]");
    }

    @Test
    void goesRoundBeforeItComesBack() {
        NodeAddresses addresses = of(List.of("10.0.0.0/29"), "10.0.0.2", "192.0.2.1");
        assertThat(take(addresses)).isEqualTo("[10.0.0.3]");
        addresses.release(List.of(IpAddress.parse("10.0.0.3")));
        assertThat(List.of(take(addresses), take(addresses), take(addresses), take(addresses), take(addresses)))
                .containsExactly("[10.0.0.4]", "[10.0.0.5]", "[10.0.0.6]", "[10.0.0.1]", "[10.0.0.3]");
    }

    @Test
    void oneFullFamilyTakesNothingOfTheOther() {
        NodeAddresses addresses = of(List.of("10.0.0.0/30", "fd00::/64"), "10.0.0.1", "10.0.0.2");
        assertThat(take(addresses)).isEqualTo("exhausted 10.0.0.0/30");
        addresses.release(List.of(IpAddress.parse("10.0.0.2")));
        assertThat(take(addresses)).isEqualTo("[10.0.0.2, fd00::1]");
    }

    @Test
    void neverTwice() {
        long seed = 3;
        SplittableRandom random = new SplittableRandom(seed);
        NodeAddresses addresses = of(List.of("10.0.0.0/26", "fd00::/122"));
        List<List<IpAddress>> held = new ArrayList<>();
        Set<IpAddress> inUse = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(100) < 52) {
                if (addresses.take() instanceof Taken.Addresses(List<IpAddress> taken)) {
                    taken.forEach(one -> assertThat(inUse.add(one))
                            .as("seed %d: %s twice", seed, one)
                            .isTrue());
                    held.add(taken);
                } else {
                    assertThat(held).hasSize(62);
                }
            } else if (!held.isEmpty()) {
                List<IpAddress> given = held.remove(random.nextInt(held.size()));
                inUse.removeAll(given);
                addresses.release(given);
            }
        }
    }
}
