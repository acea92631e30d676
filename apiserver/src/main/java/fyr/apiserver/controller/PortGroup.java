package fyr.apiserver.controller;

import fyr.apiserver.object.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The ports of a Service as one pod serves them; pods that serve the same ones share slices. */
final class PortGroup {
    private PortGroup() {}

    /** The {@code ports} of a slice: a port that the pod does not name is left out. */
    static ArrayNode of(JsonNode service, JsonNode pod) {
        ArrayNode ports = Json.array();
        for (JsonNode port : Json.items(service, "spec", "ports")) {
            number(port, pod).ifPresent(number -> ports.add(entry(port, number)));
        }
        return ports;
    }

    private static ObjectNode entry(JsonNode port, long number) {
        ObjectNode entry = Json.object().put("name", Json.text(port, "name")).put("port", number);
        entry.put("protocol", Json.text(port, "protocol"));
        String application = Json.text(port, "appProtocol");
        return application.isEmpty() ? entry : entry.put("appProtocol", application);
    }

    private static Optional<Long> number(JsonNode port, JsonNode pod) {
        JsonNode target = Json.at(port, "targetPort");
        if (!target.isString()) {
            return Optional.of(Json.number(port, Json.number(port, 0, "port"), "targetPort"));
        }
        for (JsonNode container : Pods.lasting(pod)) {
            for (JsonNode one : Json.items(container, "ports")) {
                boolean same = Json.text(one, "name").equals(target.stringValue())
                        && Json.text(one, "protocol").equals(Json.text(port, "protocol"));
                if (same) {
                    return Optional.of(Json.number(one, 0, "containerPort"));
                }
            }
        }
        return Optional.empty();
    }
}
