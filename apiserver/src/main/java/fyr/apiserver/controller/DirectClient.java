package fyr.apiserver.controller;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.Registry;
import fyr.apiserver.store.Watch;
import fyr.apiserver.store.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The embedded server in the same process. Safe on any thread. */
public final class DirectClient implements ObjectClient {
    private final Registry registry;

    /** A client of this registry. */
    public DirectClient(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        return registry.find(resource, namespace, name);
    }

    @Override
    public List<ObjectNode> list(Resource resource, String namespace, Selector selector) {
        return registry.list(resource, namespace, selector);
    }

    @Override
    public ObjectNode create(Resource resource, String namespace, ObjectNode object) {
        return registry.create(resource, namespace, object);
    }

    @Override
    public ObjectNode update(Resource resource, String namespace, String name, ObjectNode object) {
        return registry.update(resource, namespace, name, object);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, String namespace, String name, ObjectNode object) {
        return registry.updateStatus(resource, namespace, name, object);
    }

    @Override
    public ObjectNode patch(Resource resource, String namespace, String name, PatchKind kind, JsonNode patch) {
        return registry.patch(resource, namespace, name, kind, patch);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        try {
            registry.delete(resource, namespace, name, options);
        } catch (StatusException refusal) {
            if (refusal.code() != 404) {
                throw refusal;
            }
        }
    }

    @Override
    public void bind(String namespace, String pod, String node) {
        registry.bind(namespace, pod, node);
    }

    @Override
    public ObjectWatch watch(Resource resource) {
        Watch watch = registry.watch(resource, "", Selector.ALL);
        return new ObjectWatch() {
            @Override
            public List<WatchEvent> poll(Duration patience) throws InterruptedException {
                return watch.poll(patience);
            }

            @Override
            public void close() {
                // The place in the history is all there is of it.
            }
        };
    }
}
