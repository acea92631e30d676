package fyr.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultTextTest {

    private static final PodLink LINK = new PodLink(
            "fyr0123456789ab",
            "eth0",
            Path.of("/run/netns/x"),
            MacAddress.local(1),
            MacAddress.local(2),
            1450,
            List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00::5")));

    private static JsonNode result(CniVersion version, Optional<JsonNode> previous) {
        return JsonMapper.shared().readTree(ResultText.result(new CniResult(version, LINK, previous)));
    }

    @Test
    void eachVersionHasItsShape() {
        for (CniVersion version : CniVersion.values()) {
            JsonNode result = result(version, Optional.empty());
            assertThat(result.path("cniVersion").stringValue()).isEqualTo(version.text());
            boolean old = version.compareTo(CniVersion.V1_0_0) < 0;
            assertThat(result.at("/ips/0/version").asString("")).isEqualTo(old ? "4" : "");
            assertThat(result.at("/ips/1/version").asString("")).isEqualTo(old ? "6" : "");
            assertThat(result.at("/interfaces/0").has("mtu")).isEqualTo(version == CniVersion.V1_1_0);
            assertThat(result.at("/interfaces/0").has("sandbox")).isFalse();
        }
    }

    @Test
    void whatWasBeforeIsPassedOn() {
        JsonNode previous = JsonMapper.shared()
                .readTree(
                        "{\"interfaces\":[{\"name\":\"net1\"}],\"ips\":[{\"address\":\"192.0.2.1/24\",\"interface\":0}],"
                                + "\"dns\":{\"domain\":\"x\"}}");
        JsonNode result = result(CniVersion.V1_1_0, Optional.of(previous));
        assertThat(result.at("/interfaces/0/name").stringValue()).isEqualTo("net1");
        assertThat(result.at("/interfaces/2/name").stringValue()).isEqualTo("eth0");
        assertThat(result.at("/ips/0/address").stringValue()).isEqualTo("192.0.2.1/24");
        assertThat(result.at("/ips/1/interface").intValue()).isEqualTo(2);
        assertThat(result.at("/dns/domain").stringValue()).isEqualTo("x");
    }
}
