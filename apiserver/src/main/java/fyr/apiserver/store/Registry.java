package fyr.apiserver.store;

import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.ScalePaths;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.kinds.Setup;
import fyr.apiserver.object.Clock;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.Names;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.patch.Patches;
import fyr.apiserver.schema.ObjectSchema;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the API server does with objects: it reads, defaults, checks, numbers, stores and deletes them. The server speaks HTTP on top of it;
 * the lab's controllers use it directly. It may change trees that it is given; trees that it returns must not be changed. Every method may
 * throw {@link StatusException}. Safe on any thread.
 */
public final class Registry {
    private final Store store;
    private final Catalog catalog;
    private final InstantSource time;
    private final Lifecycles lifecycles;
    private final Deletion deletion;

    /** Serves the objects of a store, of the kinds of a catalog. */
    public Registry(Store store, Catalog catalog, Setup setup, InstantSource time) {
        this.store = store;
        this.catalog = catalog;
        this.time = time;
        this.lifecycles = new Lifecycles(setup);
        this.deletion = new Deletion(store, lifecycles, new StoredOthers(this), time);
    }

    /** The kinds that are served. */
    public Catalog catalog() {
        return catalog;
    }

    /** What it keeps its objects in. */
    public Store store() {
        return store;
    }

    /** The object, if there is one. */
    public Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        return store.find(key(resource, namespace, name));
    }

    /** The object; a 404 when there is none. */
    public ObjectNode get(Resource resource, String namespace, String name) {
        return find(resource, namespace, name).orElseThrow(() -> StatusException.notFound(resource.names(), name));
    }

    /** All selected objects of a kind, in one namespace or (with an empty one) in all; ordered by namespace and name. */
    public List<ObjectNode> list(Resource resource, String namespace, Selector selector) {
        return store.list(resource, namespace, selector).items();
    }

    /** A watch that first adds the existing objects, then follows. */
    public Watch watch(Resource resource, String namespace, Selector selector) {
        return Watch.ofAll(store, resource, namespace, selector);
    }

    /** Creates an object, with a name of its own or made from {@code generateName}. */
    public ObjectNode create(Resource resource, String namespace, ObjectNode object) {
        return create(resource, namespace, object, WriteOptions.PLAIN, new ArrayList<>());
    }

    /** The same as it is meant; what was dropped is told in the warnings. */
    public ObjectNode create(
            Resource resource, String namespace, ObjectNode object, WriteOptions options, List<String> warnings) {
        named(resource, namespace, object);
        List<Fault> faults = decode(resource, object, options, warnings);
        ObjectNode metadata = Json.child(object, "metadata");
        if (Json.name(object).isEmpty() && !Json.text(metadata, "generateName").isEmpty()) {
            metadata.put("name", Json.text(metadata, "generateName") + Names.suffix());
        }
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Clock.now(time));
        metadata.remove(List.of(
                "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"));
        if (object.has("spec")) {
            metadata.put("generation", 1);
        }
        resource.prepare(object);
        resource.complete(object);
        faults.addAll(resource.check(object));
        refuse(resource, object, faults);
        return store.alone(() -> insert(resource, object, options));
    }

    /**
     * Stores an object as it is, in place of any object with its name: nothing is decoded, defaulted, checked or allocated. So do clients
     * that write to the store behind the API server's back, and older API servers with weaker rules. The object needs a name.
     */
    public ObjectNode store(Resource resource, String namespace, ObjectNode object) {
        ObjectNode metadata = Json.child(object, "metadata");
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        Store.Key key = key(resource, namespace, Json.name(object));
        if (resource.namespaced()) {
            metadata.put("namespace", namespace);
        }
        return store.alone(() -> {
            Optional<ObjectNode> before = store.find(key);
            metadata.put(
                    "uid",
                    before.map(Json::uid).orElseGet(() -> UUID.randomUUID().toString()));
            if (!metadata.has("creationTimestamp")) {
                metadata.put("creationTimestamp", Clock.now(time));
            }
            return store.put(key, object);
        });
    }

    private ObjectNode insert(Resource resource, ObjectNode object, WriteOptions options) {
        Store.Key key = key(resource, Json.namespace(object), Json.name(object));
        if (resource.namespaced()) {
            requireNamespace(resource, key);
        }
        if (store.find(key).isPresent()) {
            throw StatusException.exists(resource.names(), key.name());
        }
        List<Fault> faults = new ArrayList<>();
        lifecycles.of(resource).admit(deletion.others(), Optional.empty(), object, faults);
        refuse(resource, object, faults);
        if (options.dryRun()) {
            return object;
        }
        ObjectNode stored = store.put(key, object);
        lifecycles.of(resource).stored(deletion.others(), Optional.empty(), stored);
        deletion.collect(key, stored);
        return stored;
    }

    private void requireNamespace(Resource resource, Store.Key key) {
        ObjectNode namespace = store.find(key(Kinds.NAMESPACES, "", key.namespace()))
                .orElseThrow(() -> StatusException.notFound(Kinds.NAMESPACES.names(), key.namespace()));
        if (namespace.path("metadata").has("deletionTimestamp")) {
            throw StatusException.forbidden(
                    resource.names(),
                    key.name(),
                    "unable to create new content in namespace " + key.namespace() + " because it is being terminated");
        }
    }

    /** Replaces everything except the status; a 409 if the tree has another resource version than the stored one. */
    public ObjectNode update(Resource resource, String namespace, String name, ObjectNode object) {
        return update(key(resource, namespace, name), Subresource.WHOLE, object, WriteOptions.PLAIN, new ArrayList<>());
    }

    /** Replaces the status only; a 409 as above. */
    public ObjectNode updateStatus(Resource resource, String namespace, String name, ObjectNode object) {
        return update(
                key(resource, namespace, name), Subresource.STATUS, object, WriteOptions.PLAIN, new ArrayList<>());
    }

    /** Replaces the whole object or its status. */
    public ObjectNode update(
            Store.Key key, Subresource part, ObjectNode object, WriteOptions options, List<String> warnings) {
        Resource resource = key.resource();
        named(resource, key.namespace(), object);
        List<Fault> missing = decode(resource, object, options, warnings);
        if (!Json.name(object).equals(key.name())) {
            throw StatusException.badRequest("the name of the object (" + Json.name(object)
                    + ") does not match the name on the URL (" + key.name() + ")");
        }
        return store.alone(() -> {
            ObjectNode before = get(resource, key.namespace(), key.name());
            ObjectNode after = Revision.of(resource, part, before, object);
            boolean whole = part == Subresource.WHOLE;
            if (whole) {
                resource.complete(after);
            }
            lifecycles.of(resource).changing(before, after);
            List<Fault> faults = new ArrayList<>(missing);
            faults.addAll(resource.check(after));
            faults.addAll(resource.checkChange(before, after));
            refuse(resource, after, faults);
            if (whole) {
                lifecycles.of(resource).admit(deletion.others(), Optional.of(before), after, faults);
                refuse(resource, after, faults);
            }
            return replace(key, before, Revision.numbered(before, after), options);
        });
    }

    private ObjectNode replace(Store.Key key, ObjectNode before, ObjectNode after, WriteOptions options) {
        boolean same = Json.same(after, before);
        if (same || options.dryRun()) {
            return same ? before : after;
        }
        ObjectNode stored = store.put(key, after);
        lifecycles.of(key.resource()).stored(deletion.others(), Optional.of(before), stored);
        deletion.released(key, stored);
        return stored;
    }

    /** Changes parts of an object. */
    public ObjectNode patch(Resource resource, String namespace, String name, PatchKind kind, JsonNode patch) {
        return patch(
                key(resource, namespace, name), Subresource.WHOLE, kind, patch, WriteOptions.PLAIN, new ArrayList<>());
    }

    /** Changes parts of the status. */
    public ObjectNode patchStatus(Resource resource, String namespace, String name, PatchKind kind, JsonNode patch) {
        return patch(
                key(resource, namespace, name), Subresource.STATUS, kind, patch, WriteOptions.PLAIN, new ArrayList<>());
    }

    /** Changes parts of the whole object, its status or its scale. */
    public ObjectNode patch(
            Store.Key key,
            Subresource part,
            PatchKind kind,
            JsonNode patch,
            WriteOptions options,
            List<String> warnings) {
        return store.alone(() -> {
            Optional<ObjectNode> before = store.find(key);
            if (before.isEmpty() && kind == PatchKind.APPLY && patch instanceof ObjectNode applied) {
                Json.child(applied, "metadata").put("name", key.name());
                return create(key.resource(), key.namespace(), applied, options, warnings);
            }
            ObjectNode found = before.orElseThrow(
                    () -> StatusException.notFound(key.resource().names(), key.name()));
            ObjectNode target = part == Subresource.SCALE ? Scale.of(key.resource(), found) : found;
            if (Patches.apply(key.resource().fields(), target, kind, patch) instanceof ObjectNode after) {
                return part == Subresource.SCALE
                        ? scale(key, after, options)
                        : update(key, part, after.deepCopy(), options, warnings);
            }
            throw StatusException.badRequest("the patch makes something else than an object");
        });
    }

    /** Sets the number of replicas from a {@code Scale}, and returns a {@code Scale}. */
    public ObjectNode scale(Store.Key key, ObjectNode scale, WriteOptions options) {
        return store.alone(() -> {
            ObjectNode before = get(key.resource(), key.namespace(), key.name());
            ScalePaths paths = key.resource().scale().orElseThrow();
            long replicas = Scale.replicas(key, scale);
            String version = Json.text(scale, "metadata", "resourceVersion");
            ObjectNode after = before.deepCopy();
            Scale.put(after, paths.replicas(), replicas);
            if (!version.isEmpty()) {
                Json.child(after, "metadata").put("resourceVersion", version);
            }
            return Scale.of(key.resource(), update(key, Subresource.WHOLE, after, options, new ArrayList<>()));
        });
    }

    /** Binds a pod to a node. */
    public void bind(String namespace, String pod, String node) {
        store.alone(() -> {
            ObjectNode before = get(Kinds.PODS, namespace, pod);
            if (!Json.text(before, "spec", "nodeName").isEmpty()) {
                throw StatusException.conflict(
                        Kinds.PODS.names(),
                        pod,
                        "pod " + pod + " is already assigned to node \"" + Json.text(before, "spec", "nodeName")
                                + "\"");
            }
            ObjectNode after = before.deepCopy();
            Json.child(after, "spec").put("nodeName", node);
            Conditions.set(Json.child(after, "status"), "PodScheduled", "True", Clock.now(time));
            return store.put(key(Kinds.PODS, namespace, pod), after);
        });
    }

    /** Deletes an object; returns its last form if it is gone, or its form while it terminates. */
    public Deleted delete(Resource resource, String namespace, String name, DeleteOptions options) {
        return deletion.delete(key(resource, namespace, name), options);
    }

    /** Deletes all selected objects of one namespace, or of all for an empty one; returns what was there. */
    public List<ObjectNode> deleteAll(Resource resource, String namespace, Selector selector, DeleteOptions options) {
        return store.alone(() -> {
            List<ObjectNode> all = list(resource, namespace, selector);
            all.forEach(one -> {
                if (store.find(key(resource, Json.namespace(one), Json.name(one)))
                        .isPresent()) {
                    delete(resource, Json.namespace(one), Json.name(one), options);
                }
            });
            return all;
        });
    }

    /** Where an object lives. */
    public static Store.Key key(Resource resource, String namespace, String name) {
        return new Store.Key(resource, resource.namespaced() ? namespace : "", name);
    }

    private static void named(Resource resource, String namespace, ObjectNode object) {
        String apiVersion = Json.text(object, "apiVersion");
        String kind = Json.text(object, "kind");
        if (!apiVersion.isEmpty() && !apiVersion.equals(resource.apiVersion())
                || !kind.isEmpty() && !kind.equals(resource.kind())) {
            throw StatusException.badRequest("the object is a " + kind + " of " + apiVersion + ", not a "
                    + resource.kind() + " of " + resource.apiVersion());
        }
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        if (object.has("metadata") && !object.get("metadata").isObject()) {
            throw StatusException.badRequest("metadata: expected object");
        }
        ObjectNode metadata = Json.child(object, "metadata");
        String said = Json.text(metadata, "namespace");
        if (!resource.namespaced()) {
            metadata.remove("namespace");
        } else if (!said.isEmpty() && !said.equals(namespace)) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        } else {
            metadata.put("namespace", namespace);
        }
    }

    private static List<Fault> decode(
            Resource resource, ObjectNode object, WriteOptions options, List<String> warnings) {
        ObjectSchema.Decoded decoded = resource.schema().decode(resource.names(), object);
        if (options.strict() && !decoded.unknown().isEmpty()) {
            throw StatusException.badRequest(
                    resource.kind() + " in version \"" + resource.version() + "\" cannot be handled as a "
                            + resource.kind() + ": strict decoding error: " + String.join(", ", decoded.unknown()));
        }
        warnings.addAll(decoded.unknown());
        warnings.addAll(resource.warnings(object));
        return resource.checkedByItself() ? new ArrayList<>() : new ArrayList<>(decoded.faults());
    }

    private static void refuse(Resource resource, ObjectNode object, List<Fault> faults) {
        if (!faults.isEmpty()) {
            throw StatusException.invalid(
                    resource.names(), Json.name(object), List.copyOf(new java.util.LinkedHashSet<>(faults)));
        }
    }
}
