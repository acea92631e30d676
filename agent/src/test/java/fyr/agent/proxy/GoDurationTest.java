package fyr.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples are from Go's own tests (src/time/time_test.go). */
class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "5s, PT5S",
        "30s, PT30S",
        "1478s, PT24M38S",
        "-5s, PT-5S",
        "+5s, PT5S",
        "-0, PT0S",
        "+0, PT0S",
        "5.0s, PT5S",
        "5.6s, PT5.6S",
        "5.s, PT5S",
        ".5s, PT0.5S",
        "1.0040s, PT1.004S",
        "10ns, PT0.00000001S",
        "11us, PT0.000011S",
        "12\u00b5s, PT0.000012S",
        "12\u03bcs, PT0.000012S",
        "13ms, PT0.013S",
        "15m, PT15M",
        "16h, PT16H",
        "3h30m, PT3H30M",
        "10.5s4m, PT4M10.5S",
        "-2m3.4s, PT-2M-3.4S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "9223372036854775807ns, PT2562047H47M16.854775807S"
    })
    void whatGoReads(String text, Duration duration) {
        assertThat(GoDuration.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "-",
                "s",
                ".",
                "-.",
                ".s",
                "+.s",
                "1d",
                "9223372036854775808ns",
                "3000000h",
                "1 s",
                "s1",
                "1s ",
                "--1s",
                "1.2.3s"
            })
    void whatGoRefuses(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }
}
