package fyr.model.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fd00:10:244::a, fd00:10:244::a",
        "::ffff:10.0.0.1, ::ffff:a00:1"
    })
    void readsAndWritesTheCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1..2.3",
                "a.b.c.d",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                "::1%eth0",
                "1:2:3:4:5:6:7::8:9",
                " ::1",
                "::1.2.3",
                "[::1]",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "1:1.2.3.4::1"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address");
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int zero = random.nextInt(4); zero > 0; zero--) {
                bytes[random.nextInt(bytes.length)] = 0;
            }
            IpAddress address = IpAddress.of(bytes);
            assertThat(address.toBytes()).isEqualTo(bytes);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            assertThat(InetAddress.getByName(address.toString()).getAddress().length % 12)
                    .isEqualTo(4);
        }
    }

    @Test
    void randomTextNeverGivesAnotherException() {
        Random random = new Random(5);
        String alphabet = "0123456789abcdefg.:/%[] ";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                IpAddress address = IpAddress.parse(text.toString());
                assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageContaining("address");
            }
        }
    }

    @Test
    void ordersByFamilyThenAsUnsignedNumbers() {
        assertThat(IpAddress.parse("9.0.0.0"))
                .isLessThan(IpAddress.parse("200.0.0.0"))
                .isLessThan(IpAddress.parse("::"));
        assertThat(IpAddress.parse("fd00::")).isGreaterThan(IpAddress.parse("2001:db8::"));
    }

    @Test
    void countsAcrossTheHalvesOfAnAddress() {
        assertThat(IpAddress.parse("::ffff:ffff:ffff:ffff").plus(1)).isEqualTo(IpAddress.parse("0:0:0:1::"));
        assertThat(IpAddress.parse("0:0:0:1::").plus(-1)).isEqualTo(IpAddress.parse("::ffff:ffff:ffff:ffff"));
        assertThat(IpAddress.parse("10.0.0.255").plus(1)).isEqualTo(IpAddress.parse("10.0.1.0"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.244.1.7/24, 10.244.1.0/24, 10.244.1.255",
        "0.0.0.0/0, 0.0.0.0/0, 255.255.255.255",
        "10.0.0.1/32, 10.0.0.1/32, 10.0.0.1",
        "fd00:10:244:1::5/64, fd00:10:244:1::/64, fd00:10:244:1:ffff:ffff:ffff:ffff",
        "fd00::1/65, fd00::/65, fd00::7fff:ffff:ffff:ffff",
        "::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fd00:1::/20, fd00::/20, fd00:fff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void prefixesHaveAFirstAndALastAddress(String text, String canonical, String last) {
        Prefix prefix = Prefix.parse(text);
        assertThat(prefix).hasToString(canonical);
        assertThat(prefix.last()).hasToString(last);
        assertThat(prefix.contains(prefix.last())).isTrue();
        assertThat(prefix.contains(prefix.address())).isTrue();
        assertThat(prefix.length() == 0 || !prefix.contains(prefix.last().plus(1)))
                .isTrue();
    }

    @Test
    void prefixesNeverContainTheOtherFamily() {
        assertThat(Prefix.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
        assertThat(Prefix.parse("10.0.0.0/8").contains(Prefix.parse("10.1.0.0/16")))
                .isTrue();
        assertThat(Prefix.parse("10.1.0.0/16").contains(Prefix.parse("10.0.0.0/8")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/08x", "/8"})
    void refusesOtherPrefixes(String text) {
        assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ethernetAddresses() {
        assertThat(MacAddress.parse("02:00:5e:10:00:01")).hasToString("02:00:5e:10:00:01");
        assertThat(MacAddress.local(0xffff_ffff_ffffL)).hasToString("fe:ff:ff:ff:ff:ff");
        assertThatThrownBy(() -> MacAddress.parse("02:00")).isInstanceOf(IllegalArgumentException.class);
    }
}
