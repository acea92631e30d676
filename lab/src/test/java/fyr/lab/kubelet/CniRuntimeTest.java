package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CniRuntimeTest {

    private static final PodFacts POD = new PodFacts(
            json(
                    "{'spec':{'containers':[{'ports':[{'containerPort':80},{'containerPort':53,'protocol':'UDP','hostPort':5353,'hostIP':'::1'}]}]}}"));

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void hostPortsReachThePluginThatClaimsThem() {
        JsonNode network = json("{'name':'n','cniVersion':'1.1.0'}");
        JsonNode claims = json("{'type':'fyr','capabilities':{'portMappings':true}}");
        assertThat(CniRuntime.configuration(network, claims, POD).path("runtimeConfig"))
                .isEqualTo(json(
                        "{'portMappings':[{'hostPort':5353,'containerPort':53,'protocol':'udp','hostIP':'::1'}]}"));
        assertThat(CniRuntime.configuration(network, json("{'type':'x'}"), POD).has("runtimeConfig"))
                .isFalse();
        assertThat(CniRuntime.configuration(network, claims, new PodFacts(json("{}")))
                        .has("runtimeConfig"))
                .isFalse();
    }

    @Test
    void aPluginThatHangsIsEnded() throws IOException {
        Process silent = new ProcessBuilder("sleep", "60").start();
        assertThatThrownBy(() -> CniRuntime.finish("ADD", silent, new byte[0], Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        CniException.class,
                        refused -> assertThat(refused.code()).isEqualTo(CniException.TRY_AGAIN_LATER));
        silent.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        Process quick = new ProcessBuilder("cat").start();
        assertThat(CniRuntime.finish("ADD", quick, "said".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10)))
                .isEqualTo("said");
    }
}
