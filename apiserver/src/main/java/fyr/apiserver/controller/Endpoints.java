package fyr.apiserver.controller;

import fyr.apiserver.object.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A pod as an endpoint of a Service. */
final class Endpoints {
    private Endpoints() {}

    /** The pod's address in a family, {@code IPv4} or {@code IPv6}. */
    static Optional<String> address(JsonNode pod, String family) {
        boolean six = family.equals("IPv6");
        return Json.items(pod, "status", "podIPs").stream()
                .map(one -> Json.text(one, "ip"))
                .filter(ip -> !ip.isEmpty() && ip.indexOf(':') >= 0 == six)
                .findFirst();
    }

    static ObjectNode of(JsonNode service, JsonNode pod, String address) {
        ObjectNode endpoint = Json.object();
        endpoint.putArray("addresses").add(address);
        boolean serving = Pods.isReady(pod);
        boolean leaving = Pods.isLeaving(pod);
        boolean always = Json.truth(service, "spec", "publishNotReadyAddresses");
        endpoint.putObject("conditions")
                .put("ready", always || serving && !leaving)
                .put("serving", serving)
                .put("terminating", leaving);
        String hostname = Json.text(pod, "spec", "hostname");
        if (!hostname.isEmpty() && Json.text(pod, "spec", "subdomain").equals(Json.name(service))) {
            endpoint.put("hostname", hostname);
        }
        String node = Json.text(pod, "spec", "nodeName");
        if (!node.isEmpty()) {
            endpoint.put("nodeName", node);
        }
        endpoint.putObject("targetRef")
                .put("kind", "Pod")
                .put("namespace", Json.namespace(pod))
                .put("name", Json.name(pod))
                .put("uid", Json.uid(pod));
        return endpoint;
    }
}
