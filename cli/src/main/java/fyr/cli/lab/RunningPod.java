package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.LabException;
import fyr.lab.cluster.Objects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Finds the pod that is meant by {@code NAME}, or by {@code KIND/NAME} of what selects pods, as {@code kubectl exec} does. */
record RunningPod(Objects objects, String namespace) {

    static String named(WhichLab which, String namespace, String words) {
        if (!words.contains("/")) {
            return words;
        }
        try (ApiClient client = which.client()) {
            return new RunningPod(new Objects(client), namespace)
                    .of(words.substring(0, words.indexOf('/')), words.substring(words.indexOf('/') + 1));
        }
    }

    /** The pod of that name, or all running pods of what selects them. */
    static List<String> all(WhichLab which, String namespace, String words) {
        int slash = words.indexOf('/');
        if (slash < 0) {
            return List.of(words);
        }
        String kind = words.substring(0, slash);
        String name = words.substring(slash + 1);
        try (ApiClient client = which.client()) {
            RunningPod search = new RunningPod(new Objects(client), namespace);
            if (search.isPod(kind)) {
                return List.of(name);
            }
            List<String> pods = search.selected(kind, name);
            if (pods.isEmpty()) {
                throw new LabException("no running pod of " + words + " in namespace " + namespace);
            }
            return pods;
        }
    }

    private boolean isPod(String kind) {
        return objects.kind(kind).kind().equals("Pod");
    }

    private String of(String kind, String name) {
        if (isPod(kind)) {
            return name;
        }
        return selected(kind, name).stream()
                .findFirst()
                .orElseThrow(() ->
                        new LabException("no running pod of " + kind + "/" + name + " in namespace " + namespace));
    }

    private List<String> selected(String kind, String name) {
        Map<String, String> wanted = selector(objects.get(objects.kind(kind), Optional.of(namespace), Optional.of(name))
                .getFirst());
        return objects.get(objects.kind("pods"), Optional.of(namespace), Optional.empty()).stream()
                .filter(pod -> pod.path("status").path("phase").asString("").equals("Running"))
                .filter(pod ->
                        labels(pod.path("metadata").path("labels")).entrySet().containsAll(wanted.entrySet()))
                .map(pod -> pod.path("metadata").path("name").asString())
                .sorted()
                .toList();
    }

    /** Of a Deployment and its like in {@code matchLabels}, of a Service directly. */
    private static Map<String, String> selector(JsonNode object) {
        JsonNode selector = object.path("spec").path("selector");
        Map<String, String> labels = labels(selector.has("matchLabels") ? selector.path("matchLabels") : selector);
        if (labels.isEmpty()) {
            throw new LabException(object.path("kind").asString() + " "
                    + object.path("metadata").path("name").asString() + " selects no pods by their labels");
        }
        return labels;
    }

    private static Map<String, String> labels(JsonNode labels) {
        return labels.propertyStream()
                .filter(label -> label.getValue().isString())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, label -> label.getValue().asString()));
    }
}
