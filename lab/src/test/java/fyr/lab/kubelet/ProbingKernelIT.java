package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.lab.world.World;
import fyr.model.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Probes the ports of an echo server. The server and the probes are in the same network namespace. */
class ProbingKernelIT {

    private static final NetworkNamespace NETWORK = World.createPod("probing");
    private static final EchoServer SERVER =
            EchoServer.open(NETWORK, new Identity("p", "n", "node"), List.of(new EchoServer.Port(Protocol.TCP, 8080)));

    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> skipped = new ArrayList<>();

    @AfterAll
    static void end() {
        SERVER.close();
        NETWORK.close();
        World.removePod("probing");
    }

    private Probing probing(String probes) {
        JsonNode container = new JsonMapper()
                .readTree(("{'name':'c','ports':[{'name':'web','containerPort':8080}]," + probes + "}")
                        .replace('\'', '"'));
        return Probing.start(List.of(container), NETWORK, "127.0.0.1", () -> {}, failures::add, skipped::add);
    }

    private static void eventually(BooleanSupplier holds, String what) throws InterruptedException {
        for (int i = 0; i < 1000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }

    private static boolean isReady(Probing probing) {
        return probing.ready().contains("c");
    }

    @Test
    void aPortThatAnswersIsReady() throws Exception {
        for (String probe : List.of(
                "'tcpSocket':{'port':8080}",
                "'tcpSocket':{'port':'web'}",
                "'httpGet':{'port':'web','path':'/health'}",
                "'httpGet':{'port':8080,'host':'127.0.0.1'},'successThreshold':2")) {
            try (Probing probing = probing("'readinessProbe':{'periodSeconds':1," + probe + "}")) {
                eventually(() -> isReady(probing), probe + ": " + failures);
            }
        }
    }

    @Test
    void aPortThatDoesNotIsNot() throws Exception {
        for (String probe : List.of("'tcpSocket':{'port':9999}", "'httpGet':{'port':'other'}")) {
            failures.clear();
            try (Probing probing = probing("'readinessProbe':{'periodSeconds':1," + probe + "}")) {
                eventually(() -> failures.size() > 1, "it is asked");
                assertThat(isReady(probing)).isFalse();
                assertThat(probing.started()).containsExactly("c");
                assertThat(failures.getFirst()).startsWith("Readiness probe failed: ");
            }
        }
    }

    @Test
    void oneThatStopsAnsweringIsReadyNoLonger() throws Exception {
        EchoServer server = EchoServer.open(
                NETWORK, new Identity("p", "n", "node"), List.of(new EchoServer.Port(Protocol.TCP, 8081)));
        try (Probing probing =
                probing("'readinessProbe':{'periodSeconds':1,'failureThreshold':2,'tcpSocket':{'port':8081}}")) {
            eventually(() -> isReady(probing), "ready");
            server.close();
            eventually(() -> !isReady(probing), "not ready");
        }
    }

    @Test
    void nothingIsReadyBeforeItHasStarted() throws Exception {
        try (Probing probing = probing(
                "'startupProbe':{'periodSeconds':1,'tcpSocket':{'port':8082}},'readinessProbe':{'periodSeconds':1,'tcpSocket':{'port':8080}}")) {
            eventually(() -> !failures.isEmpty(), "it is asked");
            assertThat(failures.getFirst()).startsWith("Startup probe failed: ");
            assertThat(probing.started()).isEmpty();
            assertThat(isReady(probing)).isFalse();
            EchoServer server = EchoServer.open(
                    NETWORK, new Identity("p", "n", "node"), List.of(new EchoServer.Port(Protocol.TCP, 8082)));
            eventually(() -> isReady(probing) && probing.started().contains("c"), "started and ready");
            server.close();
        }
    }

    @Test
    void whatNeedsTheImageCountsAsPassedAndIsTold() {
        try (Probing probing = probing(
                "'readinessProbe':{'exec':{'command':['false']}},'startupProbe':{'httpGet':{'port':8080,'scheme':'HTTPS'}}")) {
            assertThat(isReady(probing)).isTrue();
            assertThat(skipped)
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("Readiness probe of container c (exec) counts as passed"))
                    .anyMatch(line -> line.contains("httpGet over HTTPS"));
        }
    }
}
