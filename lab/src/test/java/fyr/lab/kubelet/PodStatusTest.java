package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.workload.EchoServer;
import fyr.model.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PodStatusTest {

    private static final String POD = """
            {"metadata":{"name":"web","namespace":"shop","uid":"u"},"spec":{
              "initContainers":[{"name":"first","image":"i","ports":[{"containerPort":7}]},
                {"name":"side","image":"s","restartPolicy":"Always","ports":[{"containerPort":9}]}],
              "containers":[{"name":"main","image":"m","ports":[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}]}]}}
            """;
    private static final List<String> ADDRESSES = List.of("10.244.1.2", "fd00:10:244:1::2");
    private static final Set<String> ALL = Set.of("main", "side");
    private static final Instant LATER = Instant.EPOCH.plusSeconds(60);

    private static ObjectNode tree(String json) {
        return (ObjectNode) new JsonMapper().readTree(json);
    }

    private static PodFacts pod() {
        return new PodFacts(tree(POD));
    }

    private static ObjectNode status(PodFacts pod, PodState state) {
        return new PodStatus(pod, List.of("172.18.0.11", "fd00:18::b"), Instant.EPOCH, LATER).of(state);
    }

    private static PodState running(Set<String> ready) {
        return new PodState.Running(ADDRESSES, ALL, ready);
    }

    private static JsonNode condition(ObjectNode status, String type) {
        ObjectNode pod = tree("{}");
        pod.set("status", status);
        return new PodFacts(pod).condition(type);
    }

    private static String value(ObjectNode status, String type) {
        return condition(status, type).path("status").asString();
    }

    @Test
    void ofARunningPod() {
        ObjectNode running = status(pod(), running(ALL));
        assertThat(running.path("phase").asString()).isEqualTo("Running");
        assertThat(running.path("podIPs").toString())
                .isEqualTo("[{\"ip\":\"10.244.1.2\"},{\"ip\":\"fd00:10:244:1::2\"}]");
        assertThat(running.path("hostIP").asString()).isEqualTo("172.18.0.11");
        assertThat(PodFacts.list(running.path("conditions")))
                .allMatch(condition -> condition.path("status").asString().equals("True"));
        JsonNode init = running.path("initContainerStatuses");
        assertThat(init.path(0).path("state").has("terminated")).isTrue();
        assertThat(init.path(1).path("state").has("running")).isTrue();
        assertThat(running.path("containerStatuses").path(0).path("ready").asBoolean())
                .isTrue();
    }

    @Test
    void ofOneThatWaits() {
        ObjectNode waiting = status(pod(), new PodState.Waiting("ContainerCreating", "no network yet"));
        assertThat(waiting.path("phase").asString()).isEqualTo("Pending");
        assertThat(waiting.has("podIP")).isFalse();
        assertThat(waiting.path("containerStatuses").path(0).path("state").toString())
                .contains("no network yet");
        assertThat(value(waiting, "Ready")).isEqualTo("False");
    }

    @Test
    void oneContainerThatIsNotReadyKeepsThePodFromIt() {
        ObjectNode status = status(pod(), running(Set.of("main")));
        assertThat(value(status, "Ready")).isEqualTo("False");
        assertThat(condition(status, "ContainersReady").path("message").asString())
                .isEqualTo("containers with unready status: [side]");
        assertThat(status.path("containerStatuses").path(0).path("ready").asBoolean())
                .isTrue();
    }

    @Test
    void readinessGatesAreOthersToOpen() {
        ObjectNode json = tree(POD);
        ((ObjectNode) json.path("spec"))
                .putArray("readinessGates")
                .addObject()
                .put("conditionType", "example.com/balanced");
        ObjectNode closed = status(new PodFacts(json), running(ALL));
        assertThat(value(closed, "ContainersReady")).isEqualTo("True");
        assertThat(value(closed, "Ready")).isEqualTo("False");
        assertThat(condition(closed, "Ready").toString()).contains("ReadinessGatesNotReady", "does not exist");
        json.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "example.com/balanced")
                .put("status", "False");
        assertThat(condition(status(new PodFacts(json), running(ALL)), "Ready").toString())
                .contains("is not \\\"True\\\", but False");
        ((ObjectNode) json.path("status").path("conditions").path(0)).put("status", "True");
        assertThat(value(status(new PodFacts(json), running(ALL)), "Ready")).isEqualTo("True");
    }

    @Test
    void aCompletedPodKeepsItsAddresses() {
        ObjectNode completed = status(pod(), new PodState.Completed(ADDRESSES, LATER));
        assertThat(completed.path("phase").asString()).isEqualTo("Succeeded");
        assertThat(completed.path("podIP").asString()).isEqualTo("10.244.1.2");
        assertThat(completed.path("podIPs")).hasSize(2);
        assertThat(condition(completed, "Ready").path("reason").asString()).isEqualTo("PodCompleted");
    }

    @Test
    void oneThatHasEndedBeforeItsObjectServesNoMore() {
        ObjectNode stopped = status(pod(), new PodState.Stopped(ADDRESSES, LATER));
        assertThat(value(stopped, "Ready")).isEqualTo("False");
        assertThat(stopped.path("containerStatuses").path(0).path("state").has("terminated"))
                .isTrue();
    }

    @Test
    void theTimeOfAConditionMovesWithItsStatusOnly() {
        ObjectNode json = tree(POD);
        json.set("status", status(pod(), running(Set.of("main"))));
        ((ObjectNode) json.path("status").path("conditions").path(3)).put("lastTransitionTime", "1969-01-01T00:00:00Z");
        PodFacts reported = new PodFacts(json);
        assertThat(condition(status(reported, running(Set.of())), "Ready").toString())
                .contains("1969");
        assertThat(condition(status(reported, running(ALL)), "Ready").toString())
                .contains(LATER.toString());
    }

    /** Covers what a node controller writes while the node does not report, and what a server or others add. */
    @Test
    void whatOthersWroteOverIsSeen() {
        ObjectNode ours = status(pod(), running(ALL));
        ObjectNode theirs = ours.deepCopy();
        theirs.put("qosClass", "Burstable");
        theirs.withArray("conditions")
                .addObject()
                .put("type", "example.com/mine")
                .put("status", "False");
        ((ObjectNode) theirs.path("containerStatuses").path(0)).putObject("lastState");
        PodFacts.list(theirs.path("conditions")).forEach(condition -> {
            if (condition.path("reason").asString("").isEmpty()) {
                ((ObjectNode) condition).remove(List.of("reason", "message"));
            }
        });
        assertThat(PodStatus.isReported(ours, theirs)).isTrue();
        PodFacts.list(theirs.path("conditions")).stream()
                .filter(condition -> condition.path("type").asString().equals("Ready"))
                .forEach(condition -> ((ObjectNode) condition).put("status", "False"));
        assertThat(PodStatus.isReported(ours, theirs)).isFalse();
        assertThat(PodStatus.isReported(ours, tree("{}"))).isFalse();
    }

    @Test
    void portsAreThoseOfContainersThatKeepRunning() {
        assertThat(pod().ports())
                .containsExactly(
                        new EchoServer.Port(Protocol.TCP, 80),
                        new EchoServer.Port(Protocol.UDP, 53),
                        new EchoServer.Port(Protocol.TCP, 9));
    }

    @Test
    void aPodThatIsToldToGoAnswersOnWithinItsGracePeriod() {
        String pod = "{\"metadata\":{\"deletionGracePeriodSeconds\":%d},\"spec\":{\"containers\":[{%s}]}}";
        String sleep = "\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":%d}}}";
        assertThat(farewell(pod.formatted(30, ""))).isEqualTo(Duration.ofSeconds(2));
        assertThat(farewell(pod.formatted(1, ""))).isEqualTo(Duration.ofSeconds(1));
        assertThat(farewell(pod.formatted(0, ""))).isEqualTo(Duration.ZERO);
        assertThat(farewell(pod.formatted(30, sleep.formatted(15)))).isEqualTo(Duration.ofSeconds(17));
        assertThat(farewell(pod.formatted(10, sleep.formatted(15)))).isEqualTo(Duration.ofSeconds(10));
        assertThat(farewell(pod.formatted(-5, sleep.formatted(-15)))).isEqualTo(Duration.ZERO);
    }

    private static Duration farewell(String json) {
        return new PodFacts(tree(json)).farewell();
    }

    @Test
    void onlyAJobsPodCompletes() {
        String pod =
                "{\"metadata\":{\"ownerReferences\":[{\"kind\":\"%s\",\"controller\":true}]},\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"ports\":[{\"containerPort\":80}]}]}}";
        assertThat(new PodFacts(tree(pod.formatted("Job"))).runsToCompletion()).isTrue();
        assertThat(new PodFacts(tree(pod.formatted("Other"))).runsToCompletion())
                .isFalse();
        assertThat(new PodFacts(tree("{\"spec\":{\"restartPolicy\":\"Never\"}}")).runsToCompletion())
                .isFalse();
    }
}
