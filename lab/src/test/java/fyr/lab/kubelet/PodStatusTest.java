package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.workload.EchoServer;
import fyr.model.Protocol;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PodStatusTest {

    private static final PodFacts POD = new PodFacts(new JsonMapper().readTree("""
            {"metadata":{"name":"web","namespace":"shop","uid":"u"},"spec":{
              "initContainers":[{"name":"first","image":"i"},{"name":"side","image":"s","restartPolicy":"Always","ports":[{"containerPort":9}]}],
              "containers":[{"name":"main","image":"m","ports":[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}]}]}}
            """));
    private final PodStatus status = new PodStatus(POD, List.of("172.18.0.11", "fd00:18::b"), Instant.EPOCH);

    @Test
    void ofARunningPod() {
        JsonNode running = status.running(List.of("10.244.1.2", "fd00:10:244:1::2"));
        assertThat(running.path("phase").asString()).isEqualTo("Running");
        assertThat(running.path("podIPs").toString())
                .isEqualTo("[{\"ip\":\"10.244.1.2\"},{\"ip\":\"fd00:10:244:1::2\"}]");
        assertThat(running.path("hostIP").asString()).isEqualTo("172.18.0.11");
        assertThat(PodFacts.list(running.path("conditions")))
                .allMatch(condition -> condition.path("status").asString().equals("True"));
        assertThat(running.path("initContainerStatuses").path(0).path("state").has("terminated"))
                .isTrue();
        assertThat(running.path("initContainerStatuses").path(1).path("state").has("running"))
                .isTrue();
        assertThat(running.path("containerStatuses").path(0).path("ready").asBoolean())
                .isTrue();
    }

    @Test
    void ofOneThatWaits() {
        JsonNode waiting = status.waiting("ContainerCreating", "no network yet");
        assertThat(waiting.path("phase").asString()).isEqualTo("Pending");
        assertThat(waiting.has("podIP")).isFalse();
        assertThat(waiting.path("containerStatuses")
                        .path(0)
                        .path("state")
                        .path("waiting")
                        .path("message")
                        .asString())
                .isEqualTo("no network yet");
    }

    @Test
    void portsAreThoseOfContainersThatKeepRunning() {
        assertThat(POD.ports())
                .containsExactly(
                        new EchoServer.Port(Protocol.TCP, 80),
                        new EchoServer.Port(Protocol.UDP, 53),
                        new EchoServer.Port(Protocol.TCP, 9));
    }

    @Test
    void onlyAJobsPodCompletes() {
        String pod =
                "{\"metadata\":{\"ownerReferences\":[{\"kind\":\"%s\",\"controller\":true}]},\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"ports\":[{\"containerPort\":80}]}]}}";
        assertThat(new PodFacts(new JsonMapper().readTree(pod.formatted("Job"))).runsToCompletion())
                .isTrue();
        assertThat(new PodFacts(new JsonMapper().readTree(pod.formatted("Other"))).runsToCompletion())
                .isFalse();
        assertThat(new PodFacts(new JsonMapper().readTree("{\"spec\":{\"restartPolicy\":\"Never\"}}"))
                        .runsToCompletion())
                .isFalse();
    }
}
