package fyr.apiserver.store;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Lifecycle;
import fyr.apiserver.kinds.Others;
import fyr.apiserver.object.Clock;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.KindNames;
import fyr.apiserver.object.StatusException;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How objects are deleted: pods gracefully, dependents after their owners (background garbage collection, done here at once), a namespace
 * after its contents, anything with finalizers after those.
 */
final class Deletion {
    private final Store store;
    private final Lifecycles lifecycles;
    private final Others others;
    private final InstantSource time;

    Deletion(Store store, Lifecycles lifecycles, Others others, InstantSource time) {
        this.store = store;
        this.lifecycles = lifecycles;
        this.others = others;
        this.time = time;
    }

    Others others() {
        return others;
    }

    private Lifecycle lifecycle(Store.Key key) {
        return lifecycles.of(key.resource());
    }

    Deleted delete(Store.Key key, DeleteOptions options) {
        return store.alone(() -> {
            ObjectNode object = store.find(key)
                    .orElseThrow(() -> StatusException.notFound(key.resource().names(), key.name()));
            check(key, object, options);
            if (options.dryRun()) {
                return new Deleted(object, true);
            }
            long grace = lifecycle(key).grace(others, object, options.gracePeriodSeconds());
            boolean waits = grace > 0
                    || !Json.items(object, "metadata", "finalizers").isEmpty()
                    || lifecycle(key).contains();
            if (!waits) {
                return new Deleted(remove(key, object, options.orphan()), true);
            }
            ObjectNode leaving = mark(key, object, grace);
            if (lifecycle(key).contains()) {
                lifecycle(key).leaving(others, leaving);
                released(key, leaving);
            }
            return new Deleted(store.find(key).orElse(leaving), store.find(key).isEmpty());
        });
    }

    private void check(Store.Key key, ObjectNode object, DeleteOptions options) {
        options.uid().filter(uid -> !uid.equals(Json.uid(object))).ifPresent(uid -> {
            throw StatusException.conflict(
                    key.resource().names(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(object));
        });
        lifecycle(key).kept(object).ifPresent(why -> {
            throw StatusException.forbidden(key.resource().names(), key.name(), why);
        });
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
        lifecycle(key).marked(leaving);
        return store.put(key, leaving);
    }

    private ObjectNode remove(Store.Key key, ObjectNode object, boolean orphan) {
        ObjectNode last = store.remove(key).orElse(object);
        lifecycle(key).gone(others, object);
        for (Store.Key dependent : store.ownedBy(Json.uid(object))) {
            if (orphan) {
                store.find(dependent).ifPresent(one -> store.put(dependent, disowned(one, Json.uid(object))));
            } else {
                store.find(dependent).ifPresent(one -> collect(dependent, one));
            }
        }
        if (!key.namespace().isEmpty()) {
            Store.Key space = new Store.Key(Kinds.NAMESPACES, "", key.namespace());
            store.find(space).ifPresent(namespace -> released(space, namespace));
        }
        KindNames names = key.resource().names();
        Store.Key definition = new Store.Key(Kinds.DEFINITIONS, "", names.qualified());
        store.find(definition).ifPresent(one -> released(definition, one));
        return last;
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
        if (lifecycle(key).empty(others, object) && store.find(key).isPresent()) {
            remove(key, object, false);
        }
    }
}
