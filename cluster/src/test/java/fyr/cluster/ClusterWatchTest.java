package fyr.cluster;

import static fyr.cluster.ServerTexts.EXPIRED;
import static fyr.cluster.ServerTexts.bookmark;
import static fyr.cluster.ServerTexts.event;
import static fyr.cluster.ServerTexts.list;
import static fyr.cluster.ServerTexts.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Access;
import fyr.cluster.access.Token;
import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.ServiceCidr;
import fyr.model.address.Prefix;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watch against a server that misbehaves on command. */
class ClusterWatchTest {

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Pace quick() {
        return new Pace(
                Duration.ofMillis(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                this::pause,
                InstantSource.system(),
                new Random(1));
    }

    private void pause(Duration time) throws InterruptedException {
        pauses.add(time);
        Thread.sleep(1);
    }

    private Follower follower() {
        return new Follower(ApiClient.connect(() -> Access.plain(server.uri())), quick());
    }

    @Test
    void nothingBeforeEverythingWasHeard() throws Exception {
        server.script("pods", 200, true, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
        try (Follower follower = follower()) {
            Thread.sleep(300);
            assertThat(server.requests).hasSizeGreaterThan(10);
            assertThat(follower.snapshots).isEmpty();
        }
    }

    /** It came with Kubernetes 1.33, and roles of earlier agents do not mention it. Later it is there. */
    @Test
    void aKindThatTheServerDoesNotHaveIsEmptyUntilItComes() throws Exception {
        for (int i = 0; i < 300; i++) {
            server.script("servicecidrs", i % 2 == 0 ? 404 : 403, false, "{}");
        }
        server.script(
                "servicecidrs",
                200,
                false,
                "{\"metadata\":{\"resourceVersion\":\"3\"},\"items\":[{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":"
                        + "{\"cidrs\":[\"10.96.0.0/16\",\"wrong\",\"fd00:96::/112\"]}}]}");
        try (Follower follower = follower()) {
            follower.await(_ -> true);
            assertThat(follower.snapshots.getFirst().serviceCidrs().isEmpty()).isTrue();
            assertThat(follower.await(now -> !now.serviceCidrs().isEmpty())
                            .serviceCidrs()
                            .sorted())
                    .containsExactly(Map.entry(
                            "kubernetes",
                            new ServiceCidr(
                                    "kubernetes",
                                    List.of(Prefix.parse("10.96.0.0/16"), Prefix.parse("fd00:96::/112")))));
        }
    }

    @Test
    void pagesBookmarksAndDisconnectsGoOnFromTheLastVersion() throws Exception {
        server.script("namespaces", 200, false, list("5", "next page/+", namespace("a", "1")));
        server.script("namespaces", 200, false, list("5", "", namespace("b", "1")));
        server.script("namespaces", 200, false, event("ADDED", "7", "c", "1"), bookmark("9"));
        server.script(
                "namespaces", 200, false, event("DELETED", "12", "a", "1"), "{\"type\":\"ADDED\",\"obj"); // cut off
        server.script("namespaces", 200, true, event("MODIFIED", "14", "c", "2"));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(s ->
                    s.namespaces().get("c").filter(n -> label(n).equals("2")).isPresent());
            assertThat(last.namespaces().sorted().keySet()).containsExactly("b", "c");
            assertThat(last.namespaces().get("b").orElseThrow())
                    .isSameAs(
                            follower.snapshots.getFirst().namespaces().get("b").orElseThrow());
            List<String> asked = requests("/namespaces");
            assertThat(asked.get(0)).contains("limit=500").doesNotContain("resourceVersion");
            assertThat(asked.get(1)).contains("continue=next+page%2F%2B");
            assertThat(asked.get(2)).contains("allowWatchBookmarks=true").contains("resourceVersion=5");
            assertThat(asked.get(3)).contains("resourceVersion=9");
            assertThat(asked.get(4)).contains("resourceVersion=12");
        }
    }

    @Test
    void aServerThatIsAwayIsAskedAgainEveryFewSeconds() throws Exception {
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        try (Follower follower = follower()) {
            follower.await(s -> s.namespaces().size() == 1);
            server.close();
            pauses.clear();
            for (int i = 0; i < 1000 && pauses.size() < 200; i++) {
                Thread.sleep(10);
            }
            assertThat(List.copyOf(pauses).subList(100, 200))
                    .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5)));
        }
    }

    @Test
    void expiryListsAgainAndKeepsWhatIsTheSame() throws Exception {
        server.script(
                "namespaces",
                200,
                false,
                list("5", "", namespace("same", "1"), namespace("other", "1"), namespace("gone", "1")));
        server.script("namespaces", 200, true, "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script("namespaces", 200, false, list("50", "", namespace("same", "1"), namespace("other", "2")));
        server.script("namespaces", 410, false, EXPIRED);
        server.script("namespaces", 200, false, list("60", "", namespace("same", "1"), namespace("other", "3")));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(s -> s.namespaces()
                    .get("other")
                    .filter(n -> label(n).equals("3"))
                    .isPresent());
            assertThat(last.namespaces().containsKey("gone")).isFalse();
            Namespace same = last.namespaces().get("same").orElseThrow();
            assertThat(follower.snapshots)
                    .isNotEmpty()
                    .allSatisfy(s ->
                            assertThat(s.namespaces().get("same").orElseThrow()).isSameAs(same));
        }
    }

    @Test
    void anExpiredContinuationListsInOnePiece() throws Exception {
        server.script("namespaces", 200, false, list("5", "more", namespace("a", "1")));
        server.script("namespaces", 410, false, EXPIRED);
        server.script("namespaces", 200, false, list("6", "", namespace("a", "1"), namespace("b", "1")));
        try (Follower follower = follower()) {
            follower.await(s -> s.namespaces().size() == 2);
            assertThat(requests("/namespaces").get(2)).doesNotContain("limit");
        }
    }

    @Test
    void failuresWaitLongerEachTimeAndRemoveNothing() throws Exception {
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        for (int i = 0; i < 4; i++) {
            server.script("namespaces", 503, false, "down");
        }
        server.script(
                "namespaces",
                429,
                false,
                "{\"message\":\"slow down\",\"code\":429,\"details\":{\"retryAfterSeconds\":77}}");
        server.refuse("namespaces", 429, "55", "Too many requests, please try again later.");
        server.script("namespaces", 200, true, event("ADDED", "8", "b", "1"));
        try (Follower follower = follower()) {
            follower.await(s -> s.namespaces().containsKey("b"));
            assertThat(follower.snapshots).allMatch(s -> s.namespaces().containsKey("a"));
            assertThat(pauses).hasSize(6);
            for (int i = 0; i < 4; i++) {
                assertThat(pauses.get(i)).isBetween(Duration.ofMillis(50 << i), Duration.ofMillis(100 << i));
            }
            assertThat(pauses.get(4)).as("details of the Status").isBetween(millis(77_800), millis(78_600));
            assertThat(pauses.get(5)).as("header").isBetween(millis(56_600), millis(58_200));
            assertThat(follower.texts()).contains("watch of Namespace lost: 503 down");
            assertThat(requests("/namespaces").getLast()).contains("resourceVersion=5");
        }
    }

    @Test
    void aRefusedTokenIsReadAgain() throws Exception {
        server.script("namespaces", 401, false, "{\"message\":\"Unauthorized\",\"code\":401}");
        String[] token = {"old"};
        ApiClient client =
                ApiClient.connect(() -> new Access(server.uri(), Optional.empty(), new Token.Fixed(token[0])));
        token[0] = "new";
        try (Follower follower = new Follower(client, quick())) {
            follower.await(s -> true);
            assertThat(requests("/namespaces").get(0)).endsWith("Bearer old");
            assertThat(requests("/namespaces").get(1)).endsWith("Bearer new");
        }
    }

    @Test
    void consumersThatThrowAreAskedAgain() throws Exception {
        server.script("namespaces", 503, false, "down");
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        CountDownLatch taken = new CountDownLatch(1);
        AtomicInteger handed = new AtomicInteger();
        AtomicInteger observed = new AtomicInteger();
        try (ApiClient client = ApiClient.connect(() -> Access.plain(server.uri()))) {
            ClusterWatch watch = ClusterWatch.start(
                    client,
                    _ -> {
                        if (handed.incrementAndGet() == 1) {
                            throw new IllegalStateException("not now");
                        }
                        taken.countDown();
                    },
                    _ -> {
                        observed.incrementAndGet();
                        throw new IllegalStateException("nobody looks");
                    },
                    quick());
            assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
            watch.close();
        }
        assertThat(observed).hasPositiveValue();
    }

    @Test
    void aServerThatMovedIsFound() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        URI[] place = {URI.create("http://127.0.0.1:" + nobody)};
        ApiClient client = ApiClient.connect(() -> Access.plain(place[0]));
        place[0] = server.uri();
        try (Follower follower = new Follower(client, quick())) {
            follower.await(s -> true);
            assertThat(follower.texts()).noneMatch(text -> text.contains("lost"));
        }
    }

    @Test
    void whatCannotBeTrueIsLeftOutAndSaidOnce() throws Exception {
        String bad =
                "{\"metadata\":{\"name\":\"p\",\"namespace\":\"s\",\"resourceVersion\":\"%s\"},\"spec\":{\"type\":\"Up\"}}";
        server.script("services", 200, false, list("5", "more", bad.formatted("3")));
        server.script("services", 503, false, "the second page is not to be had");
        server.script("services", 200, false, list("5", "", bad.formatted("3")));
        server.script(
                "services",
                200,
                true,
                "{\"type\":\"MODIFIED\",\"object\":" + bad.formatted("6") + "}",
                "{\"type\":\"MODIFIED\",\"object\":" + bad.formatted("7").replace("Up", "ClusterIP") + "}");
        try (Follower follower = follower()) {
            follower.await(s -> s.services().containsKey(new NamespacedName("s", "p")));
            assertThat(refusals(follower)).containsExactly("Service s/p: spec.type: unknown type 'Up'");
        }
    }

    private static List<String> refusals(Follower follower) {
        return follower.observations.stream()
                .filter(o -> o instanceof Observation.ObjectRefused)
                .map(Observation::text)
                .toList();
    }

    /** Of a watch that ends: nobody is left who could say that it holds no more. */
    @Test
    void withAWatchGoWhatItComplainedOf() throws Exception {
        server.script(
                "nodes",
                200,
                false,
                "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"n\"},\"spec\":{\"podCIDRs\":[\"nonsense\"]}}]}");
        List<Observation> observations = new CopyOnWriteArrayList<>();
        try (ApiClient client = ApiClient.connect(() -> Access.plain(server.uri()))) {
            Watches watches = new Watches(client, observations::add, quick());
            Thread watch = watches.start(Kind.NODE, new KindState<>((_, _, _) -> {}), Duration.ZERO, _ -> {});
            for (int i = 0; i < 5_000 && observations.isEmpty(); i++) {
                Thread.sleep(2);
            }
            watch.interrupt();
            watch.join();
        }
        assertThat(observations)
                .contains(new Observation.ObjectAccepted(Objection.UNREADABLE, "Node", "n", "spec.podCIDRs[0]"));
    }

    /** As when a list is refused time and again: the longest silence of all is not to be told as none. */
    @Test
    void aWatchThatHeardNothingYetIsSilentSinceItsStart() throws Exception {
        server.script("pods", 200, true, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
        try (Follower follower = follower()) {
            Thread.sleep(50);
            assertThat(follower.watch().silence())
                    .hasValueSatisfying(silence -> assertThat(silence).isGreaterThan(Duration.ofMillis(40)));
        }
    }

    /** A policy that is forgotten opens what it closed. */
    @Test
    void aPolicyThatCannotBeReadStaysAsItWasOrIsolates() throws Exception {
        server.script("networkpolicies", 200, false, list("5", "", policy("old", 3, "[{}]"), policy("new", 4, "7")));
        server.script(
                "networkpolicies",
                200,
                false,
                changed(policy("old", 6, "[7]")),
                changed(policy("late", 7, "7")),
                "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script(
                "networkpolicies",
                200,
                false,
                list("20", "", policy("old", 6, "[7]"), policy("new", 4, "7"), policy("late", 7, "[8]")));
        server.script(
                "networkpolicies",
                200,
                true,
                changed(policy("new", 21, "[{}]")),
                changed(policy("end", 22, "[{}]")),
                changed(policy("old", 23, "[]")).replace("MODIFIED", "DELETED"));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(
                    s -> s.policies().containsKey(name("end")) && !s.policies().containsKey(name("old")));
            assertThat(follower.snapshots)
                    .filteredOn(s -> s.policies().containsKey(name("old")))
                    .isNotEmpty()
                    .allSatisfy(s -> assertThat(rules(s, "old")).as("as it was").isEqualTo(1));
            assertThat(rules(follower.snapshots.getFirst(), "new"))
                    .as("isolates")
                    .isZero();
            assertThat(rules(last, "new")).as("mended").isEqualTo(1);
            assertThat(rules(last, "late")).as("isolates").isZero();
            assertThat(last.policies().get(name("late")).orElseThrow().isolatesIngress())
                    .isTrue();
            assertThat(refusals(follower))
                    .contains(
                            "NetworkPolicy s/new: spec.ingress: must be an array, not number int; not enforced as written: what it said"
                                    + " before stays or, if that is not known, its pods are isolated without exceptions");
        }
    }

    private static NamespacedName name(String name) {
        return new NamespacedName("s", name);
    }

    private static int rules(ClusterSnapshot snapshot, String policy) {
        return snapshot.policies().get(name(policy)).orElseThrow().ingress().size();
    }

    private static String policy(String name, int version, String ingress) {
        return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"s\",\"resourceVersion\":\"%d\"},\"spec\":{\"podSelector\":{},\"ingress\":%s}}"
                .formatted(name, version, ingress);
    }

    private static String changed(String object) {
        return "{\"type\":\"MODIFIED\",\"object\":" + object + "}";
    }

    @Test
    void eachReasonOfAnOutageIsSaidOnce() throws Exception {
        for (String reason : List.of("down", "down", "no quorum", "no quorum", "down")) {
            server.script("namespaces", 503, false, reason);
        }
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        server.script("namespaces", 503, false, "down");
        server.script("namespaces", 200, true, bookmark("6"));
        try (Follower follower = follower()) {
            follower.awaitObservation(
                    0,
                    o -> o instanceof Observation.WatchChanged w
                            && w.connected()
                            && w.kind().equals("Namespace"));
            assertThat(follower.texts())
                    .filteredOn(text -> text.contains("Namespace"))
                    .containsExactly(
                            "watch of Namespace lost: 503 down",
                            "watch of Namespace still lost: 503 no quorum",
                            "watch of Namespace still lost: 503 down",
                            "watch of Namespace runs: from version 5");
            assertThat(pauses.getLast()).as("a list is a success").isLessThan(millis(101));
        }
    }

    @Test
    void theSameEndStateByAnyRoadIsTheSameSnapshot() throws Exception {
        ClusterSnapshot expected = slicesAfter(List.of(
                slice("x", "web", "10.0.0.2", "9"),
                slice("y", "web", "10.0.0.3", "9"),
                slice("z", "db", "10.0.0.4", "9")));
        for (int seed = 0; seed < 20; seed++) {
            List<String> road = new ArrayList<>(List.of(
                    slice("x", "db", "10.0.0.9", "6"),
                    slice("y", "web", "10.0.0.3", "6"),
                    slice("w", "old", "10.0.0.5", "6"),
                    slice("z", "web", "10.0.0.8", "6")));
            Collections.shuffle(road, new Random(seed));
            road.add(slice("w", "old", "10.0.0.5", "7").replace("ADDED", "DELETED"));
            List<String> end = new ArrayList<>(List.of(
                    slice("x", "web", "10.0.0.2", "9"),
                    slice("y", "web", "10.0.0.3", "9"),
                    slice("z", "db", "10.0.0.4", "9")));
            Collections.shuffle(end, new Random(seed));
            road.addAll(end);
            assertThat(slicesAfter(road)).as("seed " + seed).isEqualTo(expected);
        }
    }

    private ClusterSnapshot slicesAfter(List<String> events) throws Exception {
        List<String> lines = new ArrayList<>(events);
        lines.add(slice("last", "last", "10.9.9.9", "99"));
        server.script("endpointslices", 200, false, list("5", ""));
        server.script("endpointslices", 200, true, lines.toArray(new String[0]));
        try (Follower follower = follower()) {
            return follower.await(s -> s.endpointSlices().containsKey(new NamespacedName("s", "last")));
        }
    }

    private static Duration millis(long milliseconds) {
        return Duration.ofMillis(milliseconds);
    }

    private List<String> requests(String path) {
        return server.requests.stream().filter(r -> r.contains(path)).toList();
    }

    private static String label(Namespace namespace) {
        return namespace.labels().get("v").orElse("");
    }

    private static String slice(String name, String service, String address, String version) {
        return ("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"%s\",\"namespace\":\"s\",\"resourceVersion\":\"%s\","
                        + "\"labels\":{\"kubernetes.io/service-name\":\"%s\"}},\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"%s\"]}]}}")
                .formatted(name, version, service, address);
    }
}
