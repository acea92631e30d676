package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Objects that are written at once, and which of them must be complained of. */
final class HostileObjects {

    private static final int TRIES = 100;
    private static final int POLL_MILLISECONDS = 200;

    private final StringBuilder manifests = new StringBuilder();
    private final List<String> paths = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();

    /**
     * Adds an object.
     *
     * @param resource the path of its kind, such as {@code api/v1/nodes} or {@code api/v1/namespaces/default/pods}
     * @param kind its apiVersion and kind
     * @param body fields in YAML's flow style
     */
    HostileObjects add(String resource, String apiVersion, String kind, String name, String metadata, String body) {
        String namespace =
                resource.contains("/namespaces/") ? resource.replaceAll(".*/namespaces/([^/]*)/.*", "$1") : "";
        manifests
                .append("apiVersion: ")
                .append(apiVersion)
                .append("\nkind: ")
                .append(kind)
                .append("\nmetadata: {name: ")
                .append(quoted(name))
                .append(namespace.isEmpty() ? "" : ", namespace: " + namespace)
                .append(metadata.isEmpty() ? "" : ", " + metadata)
                .append("}\n")
                .append(body)
                .append("\n---\n");
        paths.add("/" + resource + "/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
        return this;
    }

    /** Expects that the agents complain of an object: {@code Service default/odd}. */
    HostileObjects reported(String object) {
        reported.add(object);
        return this;
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    String manifests() {
        return manifests.toString();
    }

    /** Where the objects are, those that need others last. */
    List<String> paths() {
        return paths;
    }

    /** At least one of them has an Event, in the namespace default. */
    void awaitEvent(TestLab lab) throws Exception {
        String events = events(lab);
        for (int i = 0; i < TRIES && !isNamed(events); i++) {
            Thread.sleep(POLL_MILLISECONDS);
            events = events(lab);
        }
        assertThat(isNamed(events)).as(events).isTrue();
    }

    private boolean isNamed(String events) {
        return reported.stream()
                .anyMatch(object -> events.contains("\"name\":\"" + object.substring(object.indexOf('/') + 1) + "\""));
    }

    private static String events(TestLab lab) throws Exception {
        return lab.lab("get", "events", "-n", "default", "-o", "json").output().replaceAll("\\s", "");
    }

    /** Every agent logs each of them, and has it in its metrics. */
    void assertReported(TestLab lab, List<String> nodes) throws Exception {
        for (String node : nodes) {
            List<String> silent = unreported(lab, node);
            for (int i = 0; i < TRIES && !silent.isEmpty(); i++) {
                Thread.sleep(POLL_MILLISECONDS);
                silent = unreported(lab, node);
            }
            assertThat(silent).as("not reported by %s", node).isEmpty();
        }
    }

    private List<String> unreported(TestLab lab, String node) throws Exception {
        String log = lab.log(node);
        String metrics = metrics(lab, node);
        return reported.stream()
                .filter(object -> !log.contains(object + ": ") || !metrics.contains(metric(object)))
                .toList();
    }

    private static String metric(String object) {
        return "name=\"" + object.substring(object.indexOf(' ') + 1).replace("\n", "\\n") + "\"";
    }

    private static String metrics(TestLab lab, String node) throws Exception {
        return lab.onNode(
                        node,
                        "curl -s http://127.0.0.1:9099/metrics | grep -E '^fyr_object_(refused|unsupported)\\{'; true")
                .output();
    }

    /** The agents have no complaint about any of the objects any more. */
    void awaitNoComplaint(TestLab lab, List<String> nodes) throws Exception {
        for (String node : nodes) {
            String left = left(lab, node);
            for (int i = 0; i < TRIES && !left.isEmpty(); i++) {
                Thread.sleep(POLL_MILLISECONDS);
                left = left(lab, node);
            }
            assertThat(left).as(node).isEmpty();
        }
    }

    private String left(TestLab lab, String node) throws Exception {
        String metrics = metrics(lab, node);
        return reported.stream()
                .filter(object -> metrics.contains(metric(object)))
                .collect(Collectors.joining(", "));
    }
}
