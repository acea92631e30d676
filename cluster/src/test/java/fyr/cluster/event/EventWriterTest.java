package fyr.cluster.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fyr.cluster.access.Access;
import fyr.cluster.access.Token;
import fyr.cluster.client.ApiClient;
import fyr.model.observation.ConntrackShare;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that keeps one object under a name, as every API server does. */
class EventWriterTest {

    private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
    /** Late turns are so far away that no test sees one. */
    private static final EventWriter.Tempo FAST = new EventWriter.Tempo(
            3, Duration.ofHours(1), Duration.ofMillis(1), Duration.ofDays(10_000), Duration.ofMillis(10));

    private static final EventWriter.Tempo MANY = new EventWriter.Tempo(
            10, Duration.ofHours(1), Duration.ofMillis(1), Duration.ofDays(10_000), Duration.ofMillis(10));

    private static final EventWriter.Tempo SOON_LATE = new EventWriter.Tempo(
            3, Duration.ofHours(1), Duration.ofMillis(1), Duration.ofMillis(500), Duration.ofMillis(10));

    private static final List<String> NODES = List.of("node1", "node2");

    private final Map<String, String> stored = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int broken;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (broken > 0) {
                broken--;
                reply(exchange, 500, "{}");
            } else if (exchange.getRequestMethod().equals("GET")) {
                reply(exchange, 200, "{\"kind\":\"Node\",\"metadata\":{\"labels\":{},\"uid\":\"u-1\"}}");
            } else {
                Matcher name = NAME.matcher(body);
                assertThat(name.find()).isTrue();
                reply(exchange, stored.putIfAbsent(name.group(1), body) == null ? 201 : 409, body);
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private ApiClient client() {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return ApiClient.connect(() -> new Access(uri, Optional.empty(), new Token.None()));
    }

    private static Observation refusal(String name) {
        return new Observation.ObjectRefused(
                Objection.UNREADABLE, "Node", name, "spec.podCIDRs", "10.244.1.0/24 overlaps another's");
    }

    private void await(int posts) throws InterruptedException {
        for (int i = 0; i < 1000 && posts() < posts; i++) {
            Thread.sleep(10);
        }
        assertThat(posts()).isEqualTo(posts);
    }

    private long posts() {
        return requests.stream().filter(request -> request.startsWith("POST")).count();
    }

    @Test
    void whatAllAgentsSayIsOneEvent() throws InterruptedException {
        try (ApiClient client = client();
                EventWriter one = EventWriter.start(client, "node1", () -> NODES, FAST);
                EventWriter two = EventWriter.start(client, "node2", () -> NODES, FAST)) {
            one.accept(refusal("liar"));
            one.accept(refusal("liar"));
            two.accept(refusal("liar"));
            await(2);
        }
        assertThat(stored).hasSize(1);
        assertThat(stored.values())
                .singleElement()
                .asString()
                .contains("\"regarding\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"liar\",\"uid\":\"u-1\"}")
                .contains("\"note\":\"spec.podCIDRs: 10.244.1.0/24 overlaps another's\"")
                .contains("\"namespace\":\"default\"");
    }

    private static Observation filling(int percent, Instant since) {
        return new Observation.ConntrackFilling(
                percent,
                percent * 10,
                1000,
                since,
                List.of(
                        new ConntrackShare("Service", "shop/web", false, 99),
                        new ConntrackShare("Pod", "shop/flooder", true, percent)));
    }

    @Test
    void aTableThatFillsIsOneEventOnTheNodeAndOneOnThePodUntilItFillsAgain() throws InterruptedException {
        Instant since = Instant.parse("2030-01-01T10:15:30Z");
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, MANY)) {
            writer.accept(filling(76, since));
            await(2);
            writer.accept(filling(95, since));
            writer.accept(filling(75, since.plusSeconds(3600)));
            await(4);
        }
        assertThat(stored).hasSize(4);
        assertThat(stored.values())
                .allMatch(event -> event.contains("\"reason\":\"ConntrackFilling\""))
                .anyMatch(event -> event.contains("\"kind\":\"Node\",\"name\":\"node1\"")
                        && event.contains("2030-01-01 10:15 UTC")
                        && event.contains("to Service shop/web, from Pod shop/flooder"))
                .anyMatch(event -> event.contains("\"kind\":\"Pod\",\"name\":\"flooder\",\"namespace\":\"shop\"")
                        && event.contains("connections from this pod"));
    }

    /** Whoever writes objects cannot make the agents write without limit. */
    @Test
    void anAgentWritesFewAtOnce() throws InterruptedException {
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, FAST)) {
            for (int i = 0; i < 1000; i++) {
                writer.accept(refusal("liar" + i));
            }
            await(3);
            Thread.sleep(200);
            assertThat(posts()).isEqualTo(3);
        }
    }

    @Test
    void aServerThatFailsIsAskedAgain() throws InterruptedException {
        broken = 2;
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, FAST)) {
            writer.accept(refusal("liar"));
            await(1);
        }
        assertThat(stored).hasSize(1);
    }

    /** What an agent says it says once: nobody would say it again when the server is back. */
    @Test
    void anEventOutlastsALongOutage() throws InterruptedException {
        broken = 5; // as often as one is tried
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, FAST)) {
            writer.accept(refusal("liar"));
            await(1);
        }
        assertThat(stored).hasSize(1);
    }

    @Test
    void ofManyNodesFewWriteAtOnce() throws InterruptedException {
        List<String> nodes = IntStream.range(0, 40).mapToObj(i -> "node" + i).toList();
        try (ApiClient client = client()) {
            List<EventWriter> writers = nodes.stream()
                    .map(node -> EventWriter.start(client, node, () -> nodes, FAST))
                    .toList();
            writers.forEach(writer -> writer.accept(refusal("liar")));
            await(3);
            Thread.sleep(200);
            writers.forEach(EventWriter::close);
        }
        assertThat(posts()).isEqualTo(3);
        assertThat(stored).hasSize(1);
    }

    /** Nodes that were invented have no agent, and their names can be chosen so that all writers are among them. */
    @Test
    void inventedNodesDoNotKeepAnEventFromBeingWritten() throws InterruptedException {
        List<String> nodes = withInventedNodesFirst("liar", 300);
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> nodes, SOON_LATE)) {
            writer.accept(refusal("liar"));
            writer.accept(refusal("liar"));
            await(1);
            Thread.sleep(700);
            assertThat(posts()).as("once").isEqualTo(1);
        }
        assertThat(stored).hasSize(1);
    }

    /** {@code node1} and others, of which at least three come before it. */
    private static List<String> withInventedNodesFirst(String name, int count) {
        ObjectEvent event = ObjectEvent.of(((Observation.ObjectRefused) refusal(name)).complaint())
                .orElseThrow();
        List<String> nodes = Stream.concat(
                        Stream.of("node1"), IntStream.range(0, count).mapToObj(i -> "invented" + i))
                .toList();
        assertThat(event.isWrittenAtOnceBy("node1", nodes)).isFalse();
        return nodes;
    }

    @Test
    void ofManyNodesEachWritesAtMostOnce() throws InterruptedException {
        List<String> nodes = IntStream.range(0, 40).mapToObj(i -> "node" + i).toList();
        try (ApiClient client = client()) {
            List<EventWriter> writers = nodes.stream()
                    .map(node -> EventWriter.start(client, node, () -> nodes, SOON_LATE))
                    .toList();
            writers.forEach(writer -> writer.accept(refusal("liar")));
            writers.forEach(writer -> writer.accept(refusal("liar")));
            await(40);
            Thread.sleep(300);
            writers.forEach(EventWriter::close);
        }
        assertThat(posts()).isEqualTo(40);
        assertThat(stored).hasSize(1);
    }

    /** Whoever writes objects could otherwise have thousands of agents write for each of them. */
    @Test
    void lateWritingHasABudgetToo() throws InterruptedException {
        List<String> names = IntStream.range(0, 60).mapToObj(i -> "liar" + i).toList();
        List<String> nodes = Stream.concat(
                        Stream.of("node1"), IntStream.range(0, 5_000).mapToObj(i -> "invented" + i))
                .toList();
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> nodes, SOON_LATE)) {
            names.forEach(name -> writer.accept(refusal(name)));
            await(3);
            Thread.sleep(700);
            assertThat(posts()).isEqualTo(3);
        }
    }

    @Test
    void aLateEventOutlastsALongOutage() throws InterruptedException {
        broken = 5; // as often as one is tried
        List<String> nodes = withInventedNodesFirst("liar", 300);
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> nodes, SOON_LATE)) {
            writer.accept(refusal("liar"));
            await(1);
        }
        assertThat(stored).hasSize(1);
    }

    /** The wait grows with the cluster, and so with the invented nodes. */
    @Test
    void howeverManyNodesThereAreTheWaitHasAnEnd() throws InterruptedException {
        EventWriter.Tempo slow = new EventWriter.Tempo(
                3, Duration.ofHours(1), Duration.ofDays(10_000), Duration.ofMillis(100), Duration.ofMillis(10));
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, slow)) {
            writer.accept(refusal("node1"));
            await(1);
        }
    }

    /** All agents may start at once, and hear of the objects before they hear of each other. */
    @Test
    void whoHasNotHeardOfTheNodesWaits() throws InterruptedException {
        AtomicReference<List<String>> heard = new AtomicReference<>(List.of());
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", heard::get, FAST)) {
            writer.accept(refusal("node1"));
            await(1); // its own affair
            writer.accept(refusal("liar"));
            Thread.sleep(200);
            assertThat(posts()).isEqualTo(1);
            heard.set(NODES);
            await(2);
        }
    }

    /** Names come from objects and from the container runtime, and go into paths. */
    @Test
    void anOddNameDoesNotEndIt() throws InterruptedException {
        try (ApiClient client = client();
                EventWriter writer = EventWriter.start(client, "node1", () -> NODES, FAST)) {
            writer.accept(new Observation.ObjectRefused(Objection.UNREADABLE, "Pod", "a b/c%\n", "f", "w"));
            writer.accept(new Observation.ObjectRefused(Objection.UNREADABLE, "Pod", "/", "f", "w"));
            writer.accept(new Observation.ObjectRefused(Objection.UNREADABLE, "Wonder", "a/b", "f", "w"));
            writer.accept(refusal("liar"));
            await(1);
        }
    }

    @Test
    void theBudgetIsABurstAndThenOneEachWhile() {
        long[] now = {0};
        Budget budget = new Budget(2, Duration.ofNanos(100), () -> now[0]);
        assertThat(budget.waitForOne()).isZero();
        assertThat(budget.waitForOne()).isZero();
        assertThat(budget.waitForOne()).isEqualTo(Duration.ofNanos(100));
        now[0] = 10_000;
        assertThat(budget.waitForOne()).isZero();
        assertThat(budget.waitForOne()).isZero();
        assertThat(budget.waitForOne()).isEqualTo(Duration.ofNanos(100));
    }
}
