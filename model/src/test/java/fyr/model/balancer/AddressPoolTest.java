package fyr.model.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPoolTest {

    private static AddressPool pool(boolean avoidBuggy, String... ranges) {
        return new AddressPool(
                "p",
                "u",
                0,
                List.of(ranges).stream().map(AddressRange::parse).toList(),
                List.of(),
                0,
                true,
                avoidBuggy,
                Optional.empty(),
                Optional.empty(),
                PoolStatus.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/24, 256",
        "10.0.0.7/32, 1",
        "10.0.0.1-10.0.0.3, 3",
        "10.0.0.1 - 10.0.1.0, 256",
        "2001:db8::/120, 256",
        "2001:db8::/64, 9223372036854775807",
        "2001:db8::/65, 9223372036854775807",
        "2001:db8::/66, 4611686018427387904",
        "2001:db8::ffff:ffff:ffff:fffe-2001:db8:0:1::1, 4",
        "2001:db8::/32, 9223372036854775807",
    })
    void readsBlocksAndRanges(String text, long size) {
        assertThat(AddressRange.parse(text).size()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "",
                "-",
                "10.0.0.9-10.0.0.1",
                "10.0.0.1-::1",
                "10.0.0.0/33",
                "127.0.0.0/8",
                "224.0.0.1/32",
                "9.0.0.0-11.0.0.0-12.0.0.0",
                "126.0.0.0-128.0.0.0",
                "fe80::1-fe80::2",
                "::/0",
                "0.0.0.0/0"
            })
    void refusesWhatNobodyCanHave(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsWhatAvoidBuggyIpsLeavesOut() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            IpAddress first = IpAddress.parse("10.1.0.0").plus(random.nextInt(2000));
            AddressRange range = new AddressRange(first, first.plus(random.nextInt(2000)));
            AddressPool pool = pool(true, range.first() + "-" + range.last());
            long counted = 0;
            for (IpAddress each = range.first(); range.contains(each); each = each.plus(1)) {
                counted += pool.contains(each) ? 1 : 0;
            }
            assertThat(pool.size(Family.IPV4)).as("%s", range).isEqualTo(counted);
        }
    }
}
