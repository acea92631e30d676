package fyr.apiserver.controller;

import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What controllers ask of pods, and how they make them. */
final class Pods {
    private Pods() {}

    static boolean isLeaving(JsonNode object) {
        return !Json.text(object, "metadata", "deletionTimestamp").isEmpty();
    }

    static boolean hasEnded(JsonNode pod) {
        String phase = Json.text(pod, "status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Counts towards the replicas of its owner. */
    static boolean isActive(JsonNode pod) {
        return !isLeaving(pod) && !hasEnded(pod);
    }

    static boolean isReady(JsonNode pod) {
        return Conditions.isTrue(pod, "Ready");
    }

    static boolean isRunningAndReady(JsonNode pod) {
        return Json.text(pod, "status", "phase").equals("Running") && isReady(pod);
    }

    /** The containers that keep running: an init container that is no sidecar (KEP-753) has ended when the pod serves. */
    static List<JsonNode> lasting(JsonNode pod) {
        List<JsonNode> lasting = new ArrayList<>(Json.items(pod, "spec", "containers"));
        Json.items(pod, "spec", "initContainers").stream()
                .filter(container -> Json.text(container, "restartPolicy").equals("Always"))
                .forEach(lasting::add);
        return lasting;
    }

    static String label(JsonNode object, String name) {
        return Json.text(object, "metadata", "labels", name);
    }

    static String annotation(JsonNode object, String name) {
        return Json.text(object, "metadata", "annotations", name);
    }

    /** The owner that controls this object. */
    static Optional<JsonNode> controller(JsonNode object) {
        return Json.items(object, "metadata", "ownerReferences").stream()
                .filter(owner -> Json.truth(owner, "controller"))
                .findFirst();
    }

    static long ready(List<ObjectNode> pods) {
        return pods.stream().filter(Pods::isReady).count();
    }

    /** A pod of the owner's template, without a name. */
    static ObjectNode of(ObjectNode owner, Map<String, String> labels) {
        JsonNode template = Json.at(owner, "spec", "template");
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata").put("namespace", Json.namespace(owner));
        Map<String, String> all = Json.map(template, "metadata", "labels");
        all.putAll(labels);
        metadata.set("labels", Json.of(all));
        Map<String, String> annotations = Json.map(template, "metadata", "annotations");
        if (!annotations.isEmpty()) {
            metadata.set("annotations", Json.of(annotations));
        }
        own(metadata, owner);
        pod.set("spec", Json.at(template, "spec").deepCopy());
        return pod;
    }

    /** Makes the owner the controller of the object with this metadata. */
    static void own(ObjectNode metadata, ObjectNode owner) {
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Json.text(owner, "apiVersion"))
                .put("kind", Json.text(owner, "kind"))
                .put("name", Json.name(owner))
                .put("uid", Json.uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** The hash of the template: equal templates, equal texts. Kubernetes uses FNV over its own printing; only equality matters. */
    static String hash(JsonNode template) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : Json.MAPPER.writeValueAsBytes(sorted(template))) {
            hash = (hash ^ one) * 0x100000001b3L;
        }
        String text = fyr.apiserver.object.Names.of(hash);
        return text.substring(0, Math.min(10, text.length()));
    }

    private static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode result = Json.object();
                object.propertyNames().stream().sorted().forEach(name -> result.set(name, sorted(object.path(name))));
                yield result;
            }
            case tools.jackson.databind.node.ArrayNode list -> {
                var result = Json.array();
                list.values().forEach(item -> result.add(sorted(item)));
                yield result;
            }
            default -> node;
        };
    }
}
