package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CniRuntimeTest {

    private static final PodFacts POD = new PodFacts(json(
            "{'spec':{'containers':[{'ports':[{'containerPort':80},{'containerPort':53,'protocol':'UDP','hostPort':5353,'hostIP':'::1'}]}]}}"));

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void hostPortsReachThePluginThatClaimsThem() {
        JsonNode network = json("{'name':'n','cniVersion':'1.1.0'}");
        JsonNode claims = json("{'type':'fyr','capabilities':{'portMappings':true}}");
        assertThat(CniRuntime.configuration(network, claims, POD).path("runtimeConfig"))
                .isEqualTo(json("{'portMappings':[{'hostPort':5353,'containerPort':53,'protocol':'udp','hostIP':'::1'}]}"));
        assertThat(CniRuntime.configuration(network, json("{'type':'x'}"), POD).has("runtimeConfig")).isFalse();
        assertThat(CniRuntime.configuration(network, claims, new PodFacts(json("{}"))).has("runtimeConfig")).isFalse();
    }
}
