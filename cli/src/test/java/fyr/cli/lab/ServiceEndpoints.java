package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Six pods on three nodes in two zones, the Services that select them, and what their EndpointSlices say. */
record ServiceEndpoints(TestLab lab) {
    static final Map<String, String> EXPECTED = new TreeMap<>(
            Map.of(
                    "plain", "node1 zone-a ,node1 zone-a ,node1 zone-a ,node2 zone-b ,node3 zone-a ,node3 zone-a ",
                    "zones",
                            "node1 zone-a zone-a,node1 zone-a zone-a,node1 zone-a zone-a,node2 zone-b zone-b,node3 zone-a zone-a,node3 zone-a zone-a",
                    "nodes",
                            "node1 zone-a zone-a node1,node1 zone-a zone-a node1,node1 zone-a zone-a node1,node2 zone-b zone-b node2,node3 zone-a zone-a node3,node3 zone-a zone-a node3"));

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p%1$d, labels: {app: web}}
            spec: {nodeName: %2$s, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, annotations: {%2$s}}
            spec: {ipFamilyPolicy: PreferDualStack, %3$s selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            ---
            """;

    static ServiceEndpoints in(TestLab lab) throws Exception {
        StringBuilder manifests = new StringBuilder();
        List<String> nodes = List.of("node1", "node1", "node1", "node2", "node3", "node3");
        for (int i = 0; i < nodes.size(); i++) {
            manifests.append(POD.formatted(i, nodes.get(i)));
        }
        manifests
                .append(SERVICE.formatted("plain", "", ""))
                .append(SERVICE.formatted("zones", "", "trafficDistribution: PreferSameZone,"))
                .append(SERVICE.formatted("nodes", "", "trafficDistribution: PreferSameNode,"))
                .append(SERVICE.formatted("auto", "service.kubernetes.io/topology-mode: Auto", ""));
        lab.apply(manifests.toString());
        return new ServiceEndpoints(lab);
    }

    /** The JSON objects of a kind. */
    JsonNode get(String kind) throws Exception {
        return new JsonMapper()
                .readTree(lab.lab("get", kind, "-n", "default", "-o", "json")
                        .succeeded()
                        .output());
    }

    /** The endpoints of a family by Service: node, zone, and the zones and nodes of the hints. */
    Map<String, String> hints(String family) throws Exception {
        Map<String, List<String>> byService = new TreeMap<>();
        for (JsonNode slice : get("endpointslices")) {
            String service = slice.path("metadata")
                    .path("labels")
                    .path("kubernetes.io/service-name")
                    .asString("");
            if (slice.path("addressType").asString().equals(family) && !service.equals("kubernetes")) {
                List<String> endpoints = byService.computeIfAbsent(service, _ -> new ArrayList<>());
                slice.path("endpoints").forEach(endpoint -> endpoints.add(shown(endpoint)));
            }
        }
        Map<String, String> hints = new TreeMap<>();
        byService.forEach((service, endpoints) ->
                hints.put(service, String.join(",", endpoints.stream().sorted().toList())));
        return hints;
    }

    private static String shown(JsonNode endpoint) {
        StringBuilder text = new StringBuilder(endpoint.path("nodeName").asString("") + " "
                + endpoint.path("zone").asString("") + " ");
        endpoint.path("hints")
                .path("forZones")
                .forEach(zone -> text.append(zone.path("name").asString()));
        endpoint.path("hints")
                .path("forNodes")
                .forEach(node -> text.append(' ').append(node.path("name").asString()));
        return text.toString();
    }

    /** Waits until the hints are as expected: those of {@code auto} give zone b a third, which is its share of the nodes. */
    void awaitHints() throws Exception {
        for (String family : List.of("IPv4", "IPv6")) {
            Map<String, String> last = Map.of();
            for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(200)) {
                last = hints(family);
                String auto = last.getOrDefault("auto", "");
                if (auto.split(" zone-b(,|$)", -1).length == 3) {
                    break;
                }
                assertThat(System.nanoTime()).as("last: %s", last).isLessThan(end);
            }
            assertThat(last).containsAllEntriesOf(EXPECTED);
        }
    }
}
