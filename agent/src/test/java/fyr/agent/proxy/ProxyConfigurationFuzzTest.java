package fyr.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever text comes: a configuration within its limits, or one line that begins with the source. */
class ProxyConfigurationFuzzTest {

    private static final List<String> SPLINTERS = List.of(
            "null",
            "true",
            "yes",
            "-1",
            "1e99",
            "99999999999999999999",
            "\"\"",
            "[]",
            "{}",
            "[[[",
            "\u0000",
            "\ud800",
            "&a ",
            "*a",
            "<<: ",
            "? ",
            "- ",
            "---\n",
            "...",
            "!!binary ",
            "|",
            "\t",
            ": ",
            "10.0.0.0/8",
            "::/0",
            "ipvs",
            "9223372036854775808ns",
            "-9223372036854775808ns",
            "1h1h",
            ".s",
            "+",
            "\n  ",
            "\r",
            "#",
            "'");

    @Test
    void mutatedConfigurations() {
        String whole = WrittenConfigurations.of(WrittenConfigurations.KUBEADM);
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(whole);
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(20));
                text.replace(from, to, SPLINTERS.get(random.nextInt(SPLINTERS.size())));
            }
            attempt(seed, text.toString());
        }
    }

    /** Each field with each value: nothing but a reading or a complaint that names the field. */
    @Test
    void everyFieldWithEveryValue() {
        int accepted = 0;
        for (ProxyField field : ProxyFields.all()) {
            int dot = field.path().indexOf('.');
            for (String value : SPLINTERS) {
                String line = dot < 0
                        ? field.path() + ": " + value
                        : field.path().substring(0, dot) + ":\n  " + field.name() + ": " + value;
                accepted += attempt(0, WrittenConfigurations.of(line)).isPresent() ? 1 : 0;
            }
        }
        assertThat(accepted).isBetween(200, ProxyFields.all().size() * SPLINTERS.size() / 2);
    }

    private static Optional<ProxyReading> attempt(int seed, String text) {
        try {
            ProxyReading reading = ProxyConfigurationReader.read(text, "source");
            assertThat(reading.remarks().stream().map(Remark::text).collect(Collectors.joining()))
                    .as("seed %d", seed)
                    .doesNotContainPattern("\\p{Cntrl}");
            ProxyConfiguration read = reading.configuration();
            assertThat(read.conntrack().maxPerCore()).isNotNegative();
            assertThat(read.conntrack().udp().isNegative()).isFalse();
            assertThat(read.oomScoreAdjust()).isBetween(-1000, 1000);
            assertThat(read.clusterCidrs()).hasSizeLessThanOrEqualTo(2);
            return Optional.of(reading);
        } catch (ProxyConfigurationException refused) {
            assertThat(refused.getMessage())
                    .as("seed %d", seed)
                    .startsWith("source")
                    .doesNotContainPattern("\\R")
                    .hasSizeLessThan(600);
            return Optional.empty();
        }
    }
}
