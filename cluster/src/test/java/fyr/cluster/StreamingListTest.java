package fyr.cluster;

import static fyr.cluster.ServerTexts.EXPIRED;
import static fyr.cluster.ServerTexts.bookmark;
import static fyr.cluster.ServerTexts.event;
import static fyr.cluster.ServerTexts.initialEnd;
import static fyr.cluster.ServerTexts.list;
import static fyr.cluster.ServerTexts.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Access;
import fyr.cluster.client.ApiClient;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.Namespace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How an agent reads all existing objects: by streaming lists where the server supports them, and not at the same time as all other agents.
 */
class StreamingListTest {

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

    /** Thousands of agents list again: not together, and from the server's cache. */
    @Test
    void anExpiredVersionWaitsForATimeThatFitsTheListAndAsksTheCache() throws Exception {
        String[] many = new String[400];
        for (int i = 0; i < many.length; i++) {
            many[i] = namespace("n" + i, "1");
        }
        server.script("namespaces", 200, false, list("5", "", many));
        server.script("namespaces", 200, false, bookmark("7"), "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script("namespaces", 200, false, list("50", "", many));
        server.script("namespaces", 410, false, EXPIRED);
        server.script("namespaces", 200, false, list("60", "", namespace("last", "1")));
        try (Follower follower = follower()) {
            follower.await(s -> s.namespaces().containsKey("last"));
            assertThat(pauses).hasSize(2).allSatisfy(pause -> assertThat(pause).isPositive());
            assertThat(pauses.get(0)).as("400 objects").isLessThan(millis(400));
            assertThat(pauses.get(1)).as("and a failure").isBetween(millis(50), millis(600));
            assertThat(requests("/namespaces").get(2))
                    .contains("resourceVersion=7")
                    .contains("resourceVersionMatch=NotOlderThan")
                    .doesNotContain("limit");
        }
    }

    @Test
    void aStreamingListIsAllThereIsAndGoesOnAsAWatch() throws Exception {
        server.streams = true;
        server.script(
                "namespaces",
                200,
                true,
                event("ADDED", "3", "a", "1"),
                event("ADDED", "4", "b", "1"),
                event("MODIFIED", "6", "a", "2"),
                event("DELETED", "7", "b", "1"),
                event("ADDED", "8", "c", "1"),
                initialEnd("8"),
                event("ADDED", "9", "d", "1"));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(s -> s.namespaces().containsKey("d"));
            assertThat(last.namespaces().sorted().keySet()).containsExactly("a", "c", "d");
            assertThat(label(last.namespaces().get("a").orElseThrow())).isEqualTo("2");
            assertThat(follower.snapshots).allMatch(s -> s.namespaces().containsKey("c"));
            assertThat(requests("/namespaces")).hasSize(1);
            assertThat(requests("/namespaces").getFirst())
                    .contains("sendInitialEvents=true")
                    .contains("resourceVersionMatch=NotOlderThan")
                    .doesNotContain("resourceVersion=")
                    .doesNotContain("limit");
            assertThat(follower.texts()).contains("watch of Namespace runs: from version 8");
        }
    }

    @Test
    void aStreamingListThatIsCutOffOrExpiresReplacesNothing() throws Exception {
        server.streams = true;
        server.script("namespaces", 200, false, event("ADDED", "3", "a", "1"), initialEnd("8"));
        server.script("namespaces", 410, false, EXPIRED);
        server.script("namespaces", 200, false, event("ADDED", "9", "x", "1"));
        server.script(
                "namespaces",
                200,
                false,
                event("ADDED", "9", "y", "1"),
                "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script(
                "namespaces", 200, true, event("ADDED", "3", "a", "1"), event("ADDED", "9", "z", "1"), initialEnd("9"));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(s -> s.namespaces().containsKey("z"));
            assertThat(follower.snapshots)
                    .allMatch(s -> s.namespaces().get("a").orElseThrow()
                            == last.namespaces().get("a").orElseThrow())
                    .noneMatch(s ->
                            s.namespaces().containsKey("x") || s.namespaces().containsKey("y"));
            assertThat(requests("/namespaces").get(2)).contains("resourceVersion=8");
            assertThat(follower.texts()).contains("watch of Namespace lost: a streaming list was cut off");
        }
    }

    /** It would continue for ever as a watch that does not report any object that was there before. */
    @Test
    void aServerThatDoesNotKnowStreamingListsIsAskedForAList() throws Exception {
        server.streams = true;
        server.script("namespaces", 200, true, event("MODIFIED", "6", "odd", "1"), bookmark("6"));
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        server.script("namespaces", 200, false, "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script("namespaces", 200, false, list("9", "", namespace("b", "1")));
        try (Follower follower = follower()) {
            ClusterSnapshot last = follower.await(s -> s.namespaces().containsKey("b"));
            assertThat(last.namespaces().size()).isEqualTo(1);
            assertThat(requests("/namespaces").stream().filter(r -> r.contains("sendInitialEvents")))
                    .as("asked once")
                    .hasSize(1);
        }
    }

    @Test
    void aServerThatRefusesStreamingListsIsAskedForAListAndLaterAgain() throws Exception {
        server.script("namespaces", 200, false, list("5", "", namespace("a", "1")));
        server.script("namespaces", 200, false, "{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}");
        server.script("namespaces", 200, false, list("9", "", namespace("b", "1")));
        try (Follower follower = follower()) {
            follower.await(s -> s.namespaces().containsKey("b"));
            assertThat(server.refusedStreams.stream().filter(r -> r.contains("/namespaces")))
                    .hasSize(2);
            assertThat(follower.texts()).noneMatch(text -> text.contains("lost"));
        }
    }

    /** A server goes through all pods for a streaming list, and has an index by node for a list. */
    @Test
    void aNodesOwnPodsAreListed() throws Exception {
        server.streams = true;
        CountDownLatch first = new CountDownLatch(1);
        try (ApiClient client = ApiClient.connect(() -> Access.plain(server.uri()));
                ClusterWatch _ = ClusterWatch.start(
                        client, "n1", (_, _) -> new TreeSet<>(), _ -> first.countDown(), _ -> {}, quick())) {
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(requests("/pods").getFirst())
                    .contains("/api/v1/pods?fieldSelector=spec.nodeName")
                    .doesNotContain("limit")
                    .doesNotContain("sendInitialEvents");
            assertThat(requests("/nodes").getFirst()).contains("sendInitialEvents=true");
        }
    }

    private static String label(Namespace namespace) {
        return namespace.labels().get("v").orElse("");
    }

    private List<String> requests(String path) {
        return server.requests.stream().filter(r -> r.contains(path)).toList();
    }

    private static Duration millis(long milliseconds) {
        return Duration.ofMillis(milliseconds);
    }
}
