package fyr.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.RawRequest;
import fyr.cni.protocol.RequestReader;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever a runtime stores as the result of ADD, CHECK does not look for anything that the pod's link never had. */
class HostilePreviousResultTest {

    private static final PodLink LINK = new PodLink(
            "fyr0123456789ab",
            "eth0",
            Path.of("/run/netns/pod"),
            MacAddress.parse("02:00:00:00:00:01"),
            MacAddress.parse("02:00:00:00:00:02"),
            1450,
            List.of(IpAddress.parse("10.244.1.7"), IpAddress.parse("fd00:10:244:1::7")));

    private static final String RESULT = """
        {"cniVersion":"1.1.0","name":"fyr","prevResult":{"cniVersion":"1.1.0",
        "interfaces":[{"name":"fyr0123456789ab","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/pod","mtu":1450}],
        "ips":[{"address":"10.244.1.7/32","interface":1},{"address":"fd00:10:244:1::7/128","interface":1}],
        "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"::/0","gw":"fe80::1"}],"dns":{}}}""";

    private static final String[] SPLINTERS = {
        "null", "true", "-1", "2147483648", "1e99", "\"\"", "[]", "{}", "[{}]", "[null]", "\"\\u0000\"", "\"\\ud800\""
    };

    private static CniRequest.Check check(String configuration) {
        RawRequest request = new RawRequest(
                Map.of(
                        "CNI_COMMAND", "CHECK",
                        "CNI_CONTAINERID", "abc",
                        "CNI_IFNAME", "eth0",
                        "CNI_NETNS", "/run/netns/pod"),
                configuration.getBytes(UTF_8));
        return (CniRequest.Check) RequestReader.read(request);
    }

    @Test
    void theWholeResultIsLookedFor() {
        ExpectedPodLink expected =
                PreviousResult.expected(check(RESULT).previous().orElseThrow(), LINK);
        assertThat(expected.addresses()).containsExactlyInAnyOrderElementsOf(LINK.addresses());
        assertThat(expected.podMac()).contains(LINK.podMac());
        assertThat(expected.podMtu()).hasValue(1450);
    }

    @Test
    void mutatedResults() {
        int read = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            String mutated = mutate(new SplittableRandom(seed));
            try {
                for (JsonNode previous : check(mutated).previous().stream().toList()) {
                    ExpectedPodLink expected = PreviousResult.expected(previous, LINK);
                    assertThat(LINK.addresses()).containsAll(expected.addresses());
                    assertThat(expected.podMtu().orElse(1)).isPositive();
                    read++;
                }
            } catch (CniException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + mutated, e);
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    /** Replaces whole values more often than single characters, so that most results stay JSON. */
    private static String mutate(SplittableRandom random) {
        StringBuilder text = new StringBuilder(RESULT);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int colon = text.indexOf(":", random.nextInt(text.length()));
            int end = colon < 0 ? -1 : text.indexOf(",", colon);
            if (random.nextInt(6) == 0) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            } else if (end > 0) {
                text.replace(colon + 1, end, SPLINTERS[random.nextInt(SPLINTERS.length)]);
            }
        }
        return text.toString();
    }
}
