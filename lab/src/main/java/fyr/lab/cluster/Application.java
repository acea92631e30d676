package fyr.lab.cluster;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.ThreeWayMerge;
import fyr.apiserver.schema.Field;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies one manifest: creates the object, or changes what the manifest changes. The difference is computed here, and its result is valid
 * only for the version that it was computed from; fields that the kind does not have are refused.
 */
record Application(ApiClient client, Kind kind, Optional<String> namespace, ObjectNode wanted) {

    private static final String STRICT = "?fieldValidation=Strict";
    private static final int FORBIDDEN = 403;
    private static final int ATTEMPTS = 50;
    private static final int PAUSE_MILLISECONDS = 100;

    static Application of(ApiClient client, Kind kind, Optional<String> namespace, ObjectNode manifest) {
        return new Application(client, kind, namespace, LastApplied.marked(manifest, namespace));
    }

    /** {@code created}, {@code configured} or {@code unchanged}. Waits for others who write the object at the same time. */
    String run() {
        for (int attempt = 1; ; attempt++) {
            try {
                return once();
            } catch (ApiException refused) {
                if (!isPassing(refused) || attempt == ATTEMPTS) {
                    throw explained(refused);
                }
                pause();
            }
        }
    }

    /**
     * Somebody else was faster; or a pod in a new namespace is refused until the controllers have created the namespace's service account
     * (ServiceAccount admission plugin): only the real control plane does that, and it takes a second.
     */
    private boolean isPassing(ApiException refused) {
        boolean accountIsComing = refused.status() == FORBIDDEN
                && String.valueOf(refused.getMessage()).contains("service account");
        return accountIsComing || refused.conflict() && bound().isEmpty();
    }

    /** The fields that refer to one stored form of the object, as in dumps of a cluster. */
    private List<String> bound() {
        return Stream.of("resourceVersion", "uid")
                .filter(field -> !Json.text(wanted, "metadata", field).isEmpty())
                .map(field -> "metadata." + field)
                .toList();
    }

    private RuntimeException explained(ApiException refused) {
        boolean about =
                refused.conflict() || String.valueOf(refused.getMessage()).contains("resourceVersion");
        return about && !bound().isEmpty()
                ? new LabException("the manifest means a form of the object that is not the present one: leave "
                        + String.join(" and ", bound()) + " out of it (" + refused.getMessage() + ")")
                : refused;
    }

    private String once() {
        Optional<ObjectNode> live = find();
        if (live.isEmpty()) {
            client.create(kind.path(namespace, Optional.empty()) + STRICT, bytes(wanted));
            return "created";
        }
        ObjectNode shall = ThreeWayMerge.of(fields(), LastApplied.of(live.get()), wanted, live.get());
        if (Json.same(shall, live.get())) {
            return "unchanged";
        }
        // The whole object: for a patch with an unknown field the real server includes the whole object in its error
        // message.
        ObjectNode now = object(client.update(path() + STRICT, bytes(shall)));
        return version(now).equals(version(live.get())) ? "unchanged" : "configured";
    }

    /** Those of the kind, where the lab knows it: the keys by which its lists are merged. */
    private Map<String, Field> fields() {
        return Kinds.ofKind(Json.text(wanted, "apiVersion"), Json.text(wanted, "kind"))
                .map(Resource::fields)
                .orElse(Map.of());
    }

    private Optional<ObjectNode> find() {
        try {
            return Optional.of(object(client.get(path())));
        } catch (ApiException refused) {
            if (refused.notFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private String path() {
        return kind.path(namespace, Optional.of(Json.name(wanted)));
    }

    private static String version(ObjectNode object) {
        return Json.text(object, "metadata", "resourceVersion");
    }

    private static ObjectNode object(byte[] json) {
        return Json.MAPPER.readTree(json) instanceof ObjectNode object ? object : Json.object();
    }

    private static byte[] bytes(ObjectNode object) {
        return Json.MAPPER.writeValueAsBytes(object);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }
}
