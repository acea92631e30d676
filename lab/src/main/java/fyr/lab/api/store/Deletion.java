package fyr.lab.api.store;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.kinds.Selector;
import fyr.lab.api.kinds.ServiceAddresses;
import fyr.lab.api.object.Clock;
import fyr.lab.api.object.Json;
import fyr.lab.api.object.StatusException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How objects are deleted: pods gracefully, dependents after their owners (background garbage collection, done here at once), a namespace
 * after its contents, anything with finalizers after those.
 */
final class Deletion {
    private final Store store;
    private final ServiceAddresses addresses;
    private final InstantSource time;

    Deletion(Store store, ServiceAddresses addresses, InstantSource time) {
        this.store = store;
        this.addresses = addresses;
        this.time = time;
    }

    Deleted delete(Store.Key key, DeleteOptions options) {
        return store.alone(() -> {
            ObjectNode object = store.find(key)
                    .orElseThrow(() -> StatusException.notFound(key.resource().names(), key.name()));
            check(key, object, options);
            if (options.dryRun()) {
                return new Deleted(object, true);
            }
            long grace = grace(key, object, options);
            boolean waits = grace > 0
                    || !Json.items(object, "metadata", "finalizers").isEmpty()
                    || key.resource() == Resource.NAMESPACES;
            if (!waits) {
                return new Deleted(remove(key, object, options.orphan()), true);
            }
            ObjectNode leaving = mark(key, object, grace);
            if (key.resource() == Resource.NAMESPACES) {
                contents(key.name());
                released(key, leaving);
            }
            return new Deleted(store.find(key).orElse(leaving), store.find(key).isEmpty());
        });
    }

    private static void check(Store.Key key, ObjectNode object, DeleteOptions options) {
        options.uid().filter(uid -> !uid.equals(Json.uid(object))).ifPresent(uid -> {
            throw StatusException.conflict(
                    key.resource().names(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(object));
        });
        if (key.resource() == Resource.NAMESPACES
                && List.of("default", "kube-system", "kube-public").contains(key.name())) {
            throw StatusException.forbidden(key.resource().names(), key.name(), "this namespace may not be deleted");
        }
    }

    /** The grace period of a pod in seconds; none if no kubelet has it, for example because its node is gone, or if it has ended. */
    private long grace(Store.Key key, ObjectNode object, DeleteOptions options) {
        String phase = Json.text(object, "status", "phase");
        String node = Json.text(object, "spec", "nodeName");
        if (key.resource() != Resource.PODS
                || node.isEmpty()
                || store.find(Registry.key(Resource.NODES, "", node)).isEmpty()
                || phase.equals("Succeeded")
                || phase.equals("Failed")) {
            return 0;
        }
        long own = Json.number(object, 30, "spec", "terminationGracePeriodSeconds");
        return Math.clamp(options.gracePeriodSeconds().orElse(own), 0L, 86_400L);
    }

    private ObjectNode mark(Store.Key key, ObjectNode object, long grace) {
        long already = Json.number(object, Long.MAX_VALUE, "metadata", "deletionGracePeriodSeconds");
        if (object.path("metadata").has("deletionTimestamp") && already <= grace) {
            return object;
        }
        ObjectNode leaving = object.deepCopy();
        Json.child(leaving, "metadata")
                .put("deletionTimestamp", Clock.text(time.instant().plus(Duration.ofSeconds(grace))))
                .put("deletionGracePeriodSeconds", grace);
        if (key.resource() == Resource.NAMESPACES) {
            Json.child(leaving, "status").put("phase", "Terminating");
        }
        return store.put(key, leaving);
    }

    private ObjectNode remove(Store.Key key, ObjectNode object, boolean orphan) {
        ObjectNode last = store.remove(key).orElse(object);
        if (key.resource() == Resource.SERVICES) {
            addresses.commit(Optional.of(object), Optional.empty());
            Store.Key endpoints = Registry.key(Resource.ENDPOINTS, key.namespace(), key.name());
            if (store.find(endpoints)
                    .isPresent()) { // they have no owner, but are deleted with their Service all the same
                delete(endpoints, DeleteOptions.PLAIN);
            }
        }
        if (key.resource() == Resource.NODES) {
            podsOf(key.name()).forEach(pod -> delete(pod, DeleteOptions.NOW));
        }
        for (Store.Key dependent : store.ownedBy(Json.uid(object))) {
            if (orphan) {
                store.find(dependent).ifPresent(one -> store.put(dependent, disowned(one, Json.uid(object))));
            } else {
                store.find(dependent).ifPresent(one -> collect(dependent, one));
            }
        }
        if (!key.namespace().isEmpty()) {
            Store.Key space = new Store.Key(Resource.NAMESPACES, "", key.namespace());
            store.find(space).ifPresent(namespace -> released(space, namespace));
        }
        return last;
    }

    /** Nothing else would end them (kubernetes' pod garbage collector). */
    private List<Store.Key> podsOf(String node) {
        return store.list(Resource.PODS, "", Selector.ALL).items().stream()
                .filter(pod -> Json.text(pod, "spec", "nodeName").equals(node))
                .map(pod -> Registry.key(Resource.PODS, Json.namespace(pod), Json.name(pod)))
                .toList();
    }

    private static ObjectNode disowned(ObjectNode object, String owner) {
        ObjectNode copy = object.deepCopy();
        if (Json.at(copy, "metadata", "ownerReferences") instanceof ArrayNode owners) {
            owners.removeIf(one -> Json.text(one, "uid").equals(owner));
        }
        return copy;
    }

    /** Deletes an object if none of the owners that it names is left. */
    void collect(Store.Key key, ObjectNode object) {
        var owners = Json.items(object, "metadata", "ownerReferences");
        boolean owned = !owners.isEmpty()
                && owners.stream()
                        .map(one -> Json.text(one, "uid"))
                        .noneMatch(uid -> store.withUid(uid).isPresent());
        if (owned && !leavingWithKubelet(object)) {
            delete(key, DeleteOptions.PLAIN);
        }
    }

    private static boolean leavingWithKubelet(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** Removes an object that was only waiting for its finalizers, or a namespace for its contents. */
    void released(Store.Key key, ObjectNode object) {
        boolean leaving = object.path("metadata").has("deletionTimestamp");
        if (!leaving || !Json.items(object, "metadata", "finalizers").isEmpty()) {
            return;
        }
        boolean pod =
                key.resource() == Resource.PODS && Json.number(object, 0, "metadata", "deletionGracePeriodSeconds") > 0;
        boolean full = key.resource() == Resource.NAMESPACES && !isEmpty(key.name());
        if (!pod && !full && store.find(key).isPresent()) {
            remove(key, object, false);
        }
    }

    private boolean isEmpty(String namespace) {
        return Resource.all().stream()
                .filter(Resource::namespaced)
                .allMatch(resource ->
                        store.list(resource, namespace, Selector.ALL).items().isEmpty());
    }

    /** Workloads first, so that nothing creates pods again. */
    private void contents(String namespace) {
        for (Resource resource : Resource.all().reversed()) {
            if (resource.namespaced()) {
                for (ObjectNode one :
                        store.list(resource, namespace, Selector.ALL).items()) {
                    Store.Key key = Registry.key(resource, namespace, Json.name(one));
                    if (store.find(key).isPresent()) {
                        delete(key, DeleteOptions.PLAIN);
                    }
                }
            }
        }
    }
}
