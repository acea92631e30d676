package fyr.dns.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {

    /** RFC 4343: of ASCII letters the case is ignored; other characters that differ in the same bit are different. */
    @Test
    void onlyLettersOfBothCasesAreTheSame() {
        String letters = "abcdefghijklmnopqrstuvwxyz";
        DnsName lower = DnsName.parse(letters);
        DnsName upper = DnsName.parse(letters.toUpperCase(Locale.ROOT));
        assertThat(upper).isEqualTo(lower).hasSameHashCodeAs(lower);
        assertThat(DnsName.parse("[x")).isNotEqualTo(DnsName.parse("{x"));
        assertThat(DnsName.parse("@x")).isNotEqualTo(DnsName.parse("`x"));
        assertThat(DnsName.parse("ab")).isNotEqualTo(DnsName.parse("a.b"));
    }

    /** 31 * '0' + 'z' is 31 * '1' + '['. */
    @Test
    void namesOfOneHashAreCompared() {
        DnsName one = DnsName.parse("0z");
        DnsName other = DnsName.parse("1[");
        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other);
    }

    /** RFC 1035 section 2.3.4. */
    @Test
    void aNameHas255BytesAtMost() {
        DnsName zone = DnsName.parse("x".repeat(63) + "." + "y".repeat(63) + "." + "z".repeat(63)); // 193 bytes
        assertThat(zone.below("w".repeat(61)).wire()).hasSize(255);
        assertThatThrownBy(() -> zone.below("w".repeat(62))).hasMessageContaining("longer than 255 bytes");
    }

    /** RFC 1035 section 5.1: a backslash and three digits are a byte. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\000b", "a\\009b", "a\\090b", "a\\255b"})
    void anEscapeIsOneByte(String text) {
        assertThat(DnsName.parse(text).wire()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\256", "a\\25", "a\\2", "a\\"})
    void anEscapeThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> DnsName.parse(text)).hasMessageContaining("an escape is");
    }
}
