package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Kubernetes sets when a manifest does not (the {@code SetDefaults_…} functions of its API groups). Works in place. */
final class Defaults {
    private Defaults() {}

    /** Completes the spec of an object in place, and the pods of its template. */
    static void ofSpec(ObjectNode object, BiConsumer<ObjectNode, ObjectNode> defaults) {
        ObjectNode spec = object.get("spec") instanceof ObjectNode found ? found : Json.object();
        defaults.accept(object, spec);
        if (Json.at(spec, "template", "spec") instanceof ObjectNode template) {
            PodDefaults.fill(template);
        }
    }

    static void text(ObjectNode object, String field, String value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }

    static void number(ObjectNode object, String field, int value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }

    static void deployment(ObjectNode object, ObjectNode spec) {
        number(spec, "replicas", 1);
        number(spec, "revisionHistoryLimit", 10);
        number(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Json.child(spec, "strategy");
        text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.child(strategy, "rollingUpdate");
            text(rolling, "maxUnavailable", "25%");
            text(rolling, "maxSurge", "25%");
        }
    }

    static void statefulSet(ObjectNode object, ObjectNode spec) {
        number(spec, "replicas", 1);
        number(spec, "revisionHistoryLimit", 10);
        text(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            number(Json.child(strategy, "rollingUpdate"), "partition", 0);
        }
    }

    static void daemonSet(ObjectNode object, ObjectNode spec) {
        number(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            number(Json.child(strategy, "rollingUpdate"), "maxSurge", 0);
            number(Json.child(strategy, "rollingUpdate"), "maxUnavailable", 1);
        }
    }

    /** Also the selector that keeps the pods of two Jobs apart (the batch group's strategy, generateSelector). */
    static void job(ObjectNode object, ObjectNode spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1);
        }
        number(spec, "parallelism", 1);
        number(spec, "backoffLimit", 6);
        text(spec, "completionMode", "NonIndexed");
        String uid = Json.uid(object);
        if (!spec.has("selector") && !uid.isEmpty() && spec.get("template") instanceof ObjectNode template) {
            Json.child(Json.child(spec, "selector"), "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
            Json.child(Json.child(template, "metadata"), "labels")
                    .put("batch.kubernetes.io/controller-uid", uid)
                    .put("batch.kubernetes.io/job-name", Json.name(object))
                    .put("job-name", Json.name(object));
        }
    }

    /** SetDefaults_ReplicationController of core/v1. */
    static void replicationController(ObjectNode object, ObjectNode spec) {
        number(spec, "replicas", 1);
        Map<String, String> labels = Json.map(spec, "template", "metadata", "labels");
        if (!labels.isEmpty()) {
            if (Json.map(spec, "selector").isEmpty()) {
                spec.set("selector", Json.of(labels));
            }
            ObjectNode metadata = Json.child(object, "metadata");
            if (Json.map(metadata, "labels").isEmpty()) {
                metadata.set("labels", Json.of(labels));
            }
        }
    }

    static void networkPolicy(ObjectNode object, ObjectNode spec) {
        if (!spec.has("policyTypes")) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!Json.items(spec, "egress").isEmpty()) {
                types.add("Egress");
            }
        }
        if (!spec.has("podSelector")) {
            spec.putObject("podSelector");
        }
    }

    static void secret(ObjectNode object) {
        text(object, "type", "Opaque");
        if (object.get("stringData") instanceof ObjectNode plain) {
            ObjectNode data = Json.child(object, "data");
            Json.map(plain)
                    .forEach((key, value) ->
                            data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
            object.remove("stringData");
        }
    }

    static void namespace(ObjectNode object) {
        Json.child(Json.child(object, "metadata"), "labels").put("kubernetes.io/metadata.name", Json.name(object));
        ObjectNode spec = Json.child(object, "spec");
        if (!spec.has("finalizers")) {
            spec.putArray("finalizers").add("kubernetes");
        }
        text(Json.child(object, "status"), "phase", "Active");
    }
}
