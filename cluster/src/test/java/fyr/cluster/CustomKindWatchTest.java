package fyr.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Access;
import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Gadgets;
import fyr.cluster.read.Gadgets.Gadget;
import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.KindWatch;
import fyr.cluster.watch.Pace;
import fyr.model.NamespacedName;
import fyr.model.observation.Observation;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The watch of the agent follows a kind that it does not know: a path and a reader are all it needs. */
class CustomKindWatchTest {

    private static String gadget(String name, String note, String version) {
        return "{\"apiVersion\":\"made.up/v1\",\"kind\":\"Gadget\",\"metadata\":{\"namespace\":\"shop\",\"name\":\""
                + name + "\",\"resourceVersion\":\"" + version + "\"},\"note\":" + note + "}";
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }

    @Test
    void followsAKindThatOnlyThisTestKnows() throws Exception {
        BlockingQueue<Change<NamespacedName, Gadget>> changes = new LinkedBlockingQueue<>();
        List<Observation> observations = new CopyOnWriteArrayList<>();
        KindState<NamespacedName, Gadget> state = new KindState<>((_, _, _) -> {});
        try (ScriptedServer server = new ScriptedServer();
                ApiClient client = ApiClient.connect(() -> Access.plain(server.uri()))) {
            server.script(
                    "gadgets",
                    200,
                    false,
                    "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" + gadget("a", "\"x\"", "1") + ","
                            + gadget("b", "\"y\"", "2") + "]}");
            server.script(
                    "gadgets",
                    200,
                    true,
                    event("MODIFIED", gadget("a", "\"z\"", "6")),
                    event("DELETED", gadget("b", "\"y\"", "7")),
                    event("ADDED", gadget("c", "[]", "8")));
            KindWatch<NamespacedName, Gadget> watch = new KindWatch<>(
                    Gadgets.KIND, client, state::known, changes::add, observations::add, Pace.standard());
            Thread thread = Thread.ofVirtual().start(watch);
            for (int i = 0; i < 4; i++) {
                Change<NamespacedName, Gadget> change = changes.poll(20, TimeUnit.SECONDS);
                assertThat(change).isNotNull();
                state.apply(change);
            }
            thread.interrupt();
        }
        assertThat(state.known(new NamespacedName("shop", "a"))).contains(new Gadget("z"));
        assertThat(state.known(new NamespacedName("shop", "b"))).isEmpty();
        assertThat(state.known(new NamespacedName("shop", "c"))).isEmpty();
        assertThat(observations).anyMatch(one -> one.text().contains("note"));
    }
}
