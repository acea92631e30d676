package fyr.agent.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.agent.observe.ObservationLog;
import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.kernel.Tables;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.ClusterSnapshot;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.AddressRange;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.FakeKernel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class QueryServerTest {

    private final ObservationLog observations = new ObservationLog(InstantSource.fixed(Instant.EPOCH));
    private final FakeKernel kernel = new FakeKernel();
    private Optional<fyr.compiler.NodePlan> plan = Optional.empty();

    @TempDir
    private Path folder = Path.of("");

    private Optional<QueryServer> server = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        server = Optional.of(QueryServer.start(socket(), sources()));
    }

    @AfterEach
    void end() throws Exception {
        server.orElseThrow().close();
        assertThat(socket()).doesNotExist();
    }

    private Path socket() {
        return folder.resolve("agent.sock");
    }

    private QuerySources sources() {
        return new QuerySources(
                "node1",
                "https://192.0.2.1:6443",
                Instant.now(),
                () -> Optional.of(ClusterSnapshot.empty()),
                () -> plan,
                () -> Optional.of("nothing was heard yet"),
                PersistentMap::empty,
                () -> Optional.of(Duration.ofSeconds(7)),
                () -> kernel,
                observations,
                Optional.of(ProxyConfigurationReader.read(
                        "apiVersion: a/v1\nkind: KubeProxyConfiguration\nhostnameOverride: n\nwrong: 1\n", "f")),
                () -> Optional.of(new BalancerState(Optional.of(List.of(pool())), true, addresses(30))));
    }

    private static AddressPool pool() {
        return new AddressPool(
                "lab",
                "u",
                0,
                List.of(AddressRange.parse("192.0.2.0/29")),
                List.of(),
                0,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                new PoolStatus(
                        3,
                        5,
                        0,
                        0,
                        List.of(
                                new Condition("Overlap", true, "SharedAddresses", "has addresses in common with x"),
                                new Condition("Exhausted", false, "FreeAddresses", ""))));
    }

    private static Set<IpAddress> addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> IpAddress.parse("192.0.2." + i))
                .collect(Collectors.toSet());
    }

    @Test
    void aStatusSaysWhatPoolsHaveAndWhatThisNodeAnnounces() {
        JsonNode balancer = QueryClient.get(socket(), "/v1/status").path("loadBalancer");
        assertThat(balancer.path("assigns").asBoolean()).isTrue();
        assertThat(balancer.path("pools").toString())
                .isEqualTo("[{\"name\":\"lab\",\"assignedIPv4\":3,\"availableIPv4\":5,\"assignedIPv6\":0,"
                        + "\"availableIPv6\":0,\"problems\":[\"Overlap: has addresses in common with x\"]}]");
        assertThat(balancer.path("announced").asInt()).isEqualTo(30);
        assertThat(balancer.path("addresses").valueStream().map(JsonNode::asString))
                .startsWith("192.0.2.0", "192.0.2.1", "192.0.2.2")
                .hasSize(20);
    }

    @Test
    void onlyTheOwnerMayAsk() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void aStatusSaysHowFreshItIsAndWhatWasRefused() {
        observations.accept(new Observation.ObjectRefused(
                Objection.CONTESTED, "Service", "shop/web", "spec.clusterIPs[0]", "taken"));
        observations.accept(
                new Observation.ObjectRefused(Objection.CONTESTED, "Node", "liar", "spec.podCIDR", "taken"));
        observations.accept(new Observation.ObjectAccepted(Objection.CONTESTED, "Node", "liar", "spec.podCIDR"));
        observations.accept(Observation.DriftRepaired.of("routes", List.of("10.244.2.0/24")));
        JsonNode status = QueryClient.get(socket(), "/v1/status");
        assertThat(status.path("version").asInt()).isEqualTo(1);
        assertThat(status.path("proxyConfiguration").toString())
                .contains(
                        "\"source\":\"f\"",
                        "\"hostnameOverride\",\"treatment\":\"honoured\"",
                        "\"unknown field\"",
                        "f:4");
        assertThat(status.path("node").asString()).isEqualTo("node1");
        assertThat(status.at("/health/ready").asBoolean()).isFalse();
        assertThat(status.at("/health/reason").asString()).isEqualTo("nothing was heard yet");
        assertThat(status.at("/cluster/heardSecondsAgo").asDouble()).isEqualTo(7);
        assertThat(status.path("refusedObjects").asInt()).isEqualTo(1);
        assertThat(status.at("/refused/0/name").asString()).isEqualTo("shop/web");
        assertThat(status.at("/drift/0/text").asString()).isEqualTo("drift repaired: routes 10.244.2.0/24");
    }

    @Test
    void observationsAreGivenFromANumberOn() {
        for (int i = 0; i < ObservationLog.KEPT + 5; i++) {
            observations.accept(Observation.DriftRepaired.of("routes", List.of("entry" + i)));
        }
        JsonNode all = QueryClient.get(socket(), "/v1/observations");
        assertThat(all.path("observations")).hasSize(ObservationLog.KEPT);
        assertThat(all.path("last").asLong()).isEqualTo(ObservationLog.KEPT + 5);
        JsonNode rest = QueryClient.get(socket(), "/v1/observations?since=" + (ObservationLog.KEPT + 3));
        assertThat(rest.path("observations")).hasSize(2);
        assertThat(rest.at("/observations/1/text").asString()).endsWith("entry" + (ObservationLog.KEPT + 4));
    }

    @Test
    void aTableIsReadAndComparedWithThePlan() {
        RouteKey planned = new RouteKey(Prefix.parse("10.244.2.0/24"));
        RouteKey foreign = new RouteKey(Prefix.parse("10.244.9.0/24"));
        PersistentMap<RouteKey, Route> routes =
                PersistentMap.<RouteKey, Route>empty().with(planned, new Route.Unreachable());
        kernel.routes.contents.put(foreign, new Route.Unreachable());
        assertThat(new TableDocument<>(kernel.table(Tables.ROUTES), routes)
                        .document()
                        .path("differences")
                        .asString())
                .isEqualTo("- 10.244.9.0/24\n+ 10.244.2.0/24 unreachable\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v2/status", "/v1", "/v1/nothing", "/../etc/passwd", "/v1/plan", "/v1/tables/routes"})
    void whatIsNotThereIsSaidInOneLine(String path) {
        assertThatThrownBy(() -> QueryClient.get(socket(), path))
                .isInstanceOf(QueryClient.Unanswered.class)
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    @Test
    void withoutAnAgentTheMessageSaysWhereItWasExpected() {
        Path nobody = folder.resolve("nobody.sock");
        assertThatThrownBy(() -> QueryClient.get(nobody, "/v1/status"))
                .hasMessageContaining("no agent answers at " + nobody);
    }

    /** Whatever is sent, there is an answer or the connection ends, and the next query is served. */
    @Test
    void hostileRequestsEndNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 200)];
            random.nextBytes(bytes);
            byte[] head = "GET /v1/".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(head, 0, bytes, 0, Math.min(random.nextInt(head.length + 1), bytes.length));
            try {
                QueryRequest request = QueryRequest.read(new ByteArrayInputStream(bytes));
                assertThat(new QueryHandler(sources()).answer(request).bytes().hasRemaining())
                        .isTrue();
            } catch (QueryRequest.Malformed expected) {
                assertThat(expected).message().isNotBlank();
            }
        }
        assertThatThrownBy(() -> QueryRequest.read(new ByteArrayInputStream(new byte[100_000])))
                .hasMessageContaining("longer than");
        assertThat(QueryClient.get(socket(), "/v1/status").path("node").asString())
                .isEqualTo("node1");
    }
}
