package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.ApiServer;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.WatchEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A watch breaks, and objects are deleted before the next watch begins. */
class BrokenWatchTest {

    /** The embedded server. Watches of pods fail while it is cut off. */
    private static final class CutOff implements ObjectClient {
        private final ObjectClient client;
        private volatile boolean cut;

        private CutOff(ObjectClient client) {
            this.client = client;
        }

        @Override
        public ObjectWatch watch(Resource resource) {
            ObjectWatch watch = client.watch(resource);
            return new ObjectWatch() {
                @Override
                public List<WatchEvent> poll(Duration patience) throws InterruptedException {
                    List<WatchEvent> events = watch.poll(patience.isZero() ? patience : Duration.ofMillis(20));
                    if (cut && resource == Kinds.PODS) {
                        throw new IllegalStateException("cut off");
                    }
                    return events;
                }

                @Override
                public void close() {
                    watch.close();
                }
            };
        }

        @Override
        public Optional<ObjectNode> find(Resource resource, String namespace, String name) {
            return client.find(resource, namespace, name);
        }

        @Override
        public List<ObjectNode> list(Resource resource, String namespace, Selector selector) {
            return client.list(resource, namespace, selector);
        }

        @Override
        public ObjectNode create(Resource resource, String namespace, ObjectNode object) {
            return client.create(resource, namespace, object);
        }

        @Override
        public ObjectNode update(Resource resource, String namespace, String name, ObjectNode object) {
            return client.update(resource, namespace, name, object);
        }

        @Override
        public ObjectNode updateStatus(Resource resource, String namespace, String name, ObjectNode object) {
            return client.updateStatus(resource, namespace, name, object);
        }

        @Override
        public ObjectNode patch(Resource resource, String namespace, String name, PatchKind kind, JsonNode patch) {
            return client.patch(resource, namespace, name, kind, patch);
        }

        @Override
        public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
            client.delete(resource, namespace, name, options);
        }

        @Override
        public void bind(String namespace, String pod, String node) {
            client.bind(namespace, pod, node);
        }
    }

    @Test
    void whatWentMeanwhileIsMissed() throws IOException, InterruptedException {
        try (ApiServer server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0))) {
            CutOff client = new CutOff(new DirectClient(server.registry()));
            try (Controllers controllers = Controllers.start(client)) {
                client.create(Kinds.REPLICA_SETS, "default", (ObjectNode) Json.MAPPER.readTree("""
                        {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},
                         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}"""));
                List<ObjectNode> first = pods(client, 2);
                client.cut = true;
                Thread.sleep(200);
                client.delete(Kinds.PODS, "default", Json.name(first.getFirst()), DeleteOptions.NOW);
                Thread.sleep(100);
                client.cut = false;
                assertThat(pods(client, 2)).isNotEqualTo(first);
                assertThat(controllers).isNotNull();
            }
        }
    }

    private static List<ObjectNode> pods(ObjectClient client, int count) throws InterruptedException {
        List<ObjectNode> pods = client.list(Kinds.PODS, "default", Selector.ALL);
        for (long end = System.nanoTime() + 10_000_000_000L; pods.size() != count && System.nanoTime() < end; ) {
            Thread.sleep(20);
            pods = client.list(Kinds.PODS, "default", Selector.ALL);
        }
        assertThat(pods).hasSize(count);
        return pods;
    }
}
