package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Kubernetes fills in for a pod, or for the pod template of a workload. Works in place. */
final class PodDefaults {
    private PodDefaults() {}

    static void fill(ObjectNode spec) {
        Defaults.text(spec, "restartPolicy", "Always");
        Defaults.text(spec, "dnsPolicy", "ClusterFirst");
        Defaults.text(spec, "schedulerName", "default-scheduler");
        Defaults.number(spec, "terminationGracePeriodSeconds", 30);
        Json.child(spec, "securityContext");
        if (spec.has("serviceAccountName")) {
            spec.set("serviceAccount", spec.get("serviceAccountName"));
        }
        boolean hostNetwork = Json.truth(spec, "hostNetwork");
        for (String field : List.of("containers", "initContainers")) {
            for (JsonNode container : Json.items(spec, field)) {
                if (container instanceof ObjectNode object) {
                    container(object, hostNetwork);
                }
            }
        }
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        Defaults.text(
                container, "imagePullPolicy", isLatest(Json.text(container, "image")) ? "Always" : "IfNotPresent");
        Defaults.text(container, "terminationMessagePath", "/dev/termination-log");
        Defaults.text(container, "terminationMessagePolicy", "File");
        Json.child(container, "resources");
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode object) {
                probe(object);
            }
        }
        for (JsonNode port : Json.items(container, "ports")) {
            if (hostNetwork
                    && port instanceof ObjectNode object
                    && object.get("containerPort") instanceof JsonNode number) {
                object.set("hostPort", number);
            }
        }
    }

    private static boolean isLatest(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        return name.endsWith(":latest") || name.indexOf(':') < 0 && name.indexOf('@') < 0;
    }

    /** SetDefaults_Probe of core/v1, which also replaces 0. */
    private static void probe(ObjectNode probe) {
        for (String field : List.of("timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            if (Json.number(probe, 1, field) == 0) {
                probe.remove(field);
            }
        }
        Defaults.number(probe, "timeoutSeconds", 1);
        Defaults.number(probe, "periodSeconds", 10);
        Defaults.number(probe, "successThreshold", 1);
        Defaults.number(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode http) {
            Defaults.text(http, "path", "/");
            Defaults.text(http, "scheme", "HTTP");
        }
    }
}
