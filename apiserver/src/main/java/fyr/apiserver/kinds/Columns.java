package fyr.apiserver.kinds;

import fyr.apiserver.object.Age;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The columns that {@code kubectl get} shows for each kind, as Kubernetes' own printers choose them. */
final class Columns {
    private static final String NONE = "<none>";

    private Columns() {}

    static final List<Column> NAMESPACES =
            List.of(Column.NAME, Column.text("Status", one -> Json.text(one, "status", "phase")), Column.AGE);

    static final List<Column> NETWORK_POLICIES = List.of(
            Column.NAME, Column.text("Pod-Selector", one -> selector(Json.at(one, "spec", "podSelector"))), Column.AGE);

    static final List<Column> SERVICE_CIDRS = List.of(
            Column.NAME,
            Column.text(
                    "CIDRs",
                    one -> Json.at(one, "spec", "cidrs")
                            .valueStream()
                            .map(JsonNode::asString)
                            .collect(Collectors.joining(","))),
            Column.AGE);

    static final List<Column> CONFIG_MAPS =
            List.of(Column.NAME, new Column("Data", true, false, Columns::data), Column.AGE);

    static final List<Column> SECRETS = List.of(
            Column.NAME,
            Column.text("Type", one -> Json.text(one, "type")),
            new Column("Data", true, false, Columns::data),
            Column.AGE);

    static final List<Column> ENDPOINTS =
            List.of(Column.NAME, Column.text("Endpoints", Columns::endpoints), Column.AGE);

    static final List<Column> CONTROLLER_REVISIONS = List.of(
            Column.NAME,
            Column.text("Controller", Columns::controller),
            Column.number("Revision", "revision"),
            Column.AGE);

    static final List<Column> LEASES =
            List.of(Column.NAME, Column.text("Holder", one -> Json.text(one, "spec", "holderIdentity")), Column.AGE);

    static final List<Column> DEFINITIONS =
            List.of(Column.NAME, Column.text("Created At", one -> Json.text(one, "metadata", "creationTimestamp")));

    static final List<Column> NODES = List.of(
            Column.NAME,
            Column.text("Status", Columns::nodeStatus),
            Column.text("Roles", Columns::roles),
            Column.AGE,
            Column.text("Version", one -> Json.text(one, "status", "nodeInfo", "kubeletVersion")),
            Column.wide("Internal-IP", one -> nodeAddress(one, "InternalIP")),
            Column.wide("External-IP", one -> nodeAddress(one, "ExternalIP")),
            Column.wide("OS-Image", one -> known(Json.text(one, "status", "nodeInfo", "osImage"))),
            Column.wide("Kernel-Version", one -> known(Json.text(one, "status", "nodeInfo", "kernelVersion"))),
            Column.wide(
                    "Container-Runtime",
                    one -> known(Json.text(one, "status", "nodeInfo", "containerRuntimeVersion"))));

    static final List<Column> SERVICES = List.of(
            Column.NAME,
            Column.text("Type", one -> Json.text(one, "spec", "type")),
            Column.text("Cluster-IP", one -> orNone(Json.text(one, "spec", "clusterIP"))),
            Column.text("External-IP", Columns::externalAddress),
            Column.text("Port(s)", Columns::servicePorts),
            Column.AGE,
            Column.wide("Selector", one -> pairs(Json.map(one, "spec", "selector"))));

    static final List<Column> DEPLOYMENTS = List.of(
            Column.NAME,
            Column.text("Ready", one -> replicas(one, "readyReplicas")),
            Column.number("Up-to-date", "status", "updatedReplicas"),
            Column.number("Available", "status", "availableReplicas"),
            Column.AGE,
            Column.wide("Containers", one -> containers(one, "name")),
            Column.wide("Images", one -> containers(one, "image")),
            Column.wide("Selector", one -> selector(Json.at(one, "spec", "selector"))));

    static final List<Column> REPLICA_SETS = List.of(
            Column.NAME,
            Column.number("Desired", "spec", "replicas"),
            Column.number("Current", "status", "replicas"),
            Column.number("Ready", "status", "readyReplicas"),
            Column.AGE,
            Column.wide("Containers", one -> containers(one, "name")),
            Column.wide("Images", one -> containers(one, "image")),
            Column.wide("Selector", one -> selector(Json.at(one, "spec", "selector"))));

    static final List<Column> STATEFUL_SETS = List.of(
            Column.NAME,
            Column.text("Ready", one -> replicas(one, "readyReplicas")),
            Column.AGE,
            Column.wide("Containers", one -> containers(one, "name")),
            Column.wide("Images", one -> containers(one, "image")));

    static final List<Column> DAEMON_SETS = List.of(
            Column.NAME,
            Column.number("Desired", "status", "desiredNumberScheduled"),
            Column.number("Current", "status", "currentNumberScheduled"),
            Column.number("Ready", "status", "numberReady"),
            Column.number("Up-to-date", "status", "updatedNumberScheduled"),
            Column.number("Available", "status", "numberAvailable"),
            Column.text("Node Selector", one -> pairs(Json.map(one, "spec", "template", "spec", "nodeSelector"))),
            Column.AGE,
            Column.wide("Containers", one -> containers(one, "name")),
            Column.wide("Images", one -> containers(one, "image")),
            Column.wide("Selector", one -> selector(Json.at(one, "spec", "selector"))));

    static final List<Column> JOBS = List.of(
            Column.NAME,
            Column.text("Status", Columns::jobStatus),
            Column.text(
                    "Completions",
                    one -> Json.number(one, 0, "status", "succeeded") + "/"
                            + Json.number(one, 1, "spec", "completions")),
            new Column("Duration", false, false, Columns::jobDuration),
            Column.AGE,
            Column.wide("Containers", one -> containers(one, "name")),
            Column.wide("Images", one -> containers(one, "image")));

    static final List<Column> ENDPOINT_SLICES = List.of(
            Column.NAME,
            Column.text("AddressType", one -> Json.text(one, "addressType")),
            Column.text(
                    "Ports",
                    one -> some(Json.items(one, "ports").stream()
                            .map(port -> Json.scalar(port.path("port")))
                            .toList())),
            Column.text(
                    "Endpoints",
                    one -> some(Json.items(one, "endpoints").stream()
                            .flatMap(e -> Json.texts(e, "addresses").stream())
                            .toList())),
            Column.AGE);

    static final List<Column> EVENTS = List.of(
            new Column("Last Seen", false, false, (one, now) -> Age.since(lastSeen(one), now)),
            Column.text("Type", one -> Json.text(one, "type")),
            Column.text("Reason", one -> Json.text(one, "reason")),
            Column.text(
                    "Object",
                    one -> Json.text(one, "involvedObject", "kind").toLowerCase(java.util.Locale.ROOT) + "/"
                            + Json.text(one, "involvedObject", "name")),
            Column.text("Message", one -> Json.text(one, "message").strip()));

    private static String endpoints(JsonNode object) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : Json.items(object, "subsets")) {
            for (JsonNode address : Json.items(subset, "addresses")) {
                String ip = Json.text(address, "ip");
                String host = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
                Json.items(subset, "ports").forEach(port -> all.add(host + ":" + Json.scalar(port.path("port"))));
            }
        }
        String first = some(all.subList(0, Math.min(3, all.size())));
        return all.size() <= 3 ? first : first + " + " + (all.size() - 3) + " more...";
    }

    private static String controller(JsonNode object) {
        return some(Json.items(object, "metadata", "ownerReferences").stream()
                .filter(owner -> Json.truth(owner, "controller"))
                .map(owner -> Json.text(owner, "kind").toLowerCase(java.util.Locale.ROOT) + ".apps/"
                        + Json.text(owner, "name"))
                .toList());
    }

    private static String lastSeen(JsonNode event) {
        String last = Json.text(event, "lastTimestamp");
        return last.isEmpty() ? Json.text(event, "metadata", "creationTimestamp") : last;
    }

    private static String data(JsonNode object, Instant now) {
        return Integer.toString(
                Json.at(object, "data").size() + Json.at(object, "binaryData").size());
    }

    private static String nodeStatus(JsonNode node) {
        String ready = Conditions.isTrue(node, "Ready") ? "Ready" : "NotReady";
        return Json.truth(node, "spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(JsonNode node) {
        String prefix = "node-role.kubernetes.io/";
        return some(Json.map(node, "metadata", "labels").keySet().stream()
                .filter(label -> label.startsWith(prefix))
                .map(label -> label.substring(prefix.length()))
                .toList());
    }

    private static String nodeAddress(JsonNode node, String type) {
        return Json.items(node, "status", "addresses").stream()
                .filter(one -> Json.text(one, "type").equals(type))
                .map(one -> Json.text(one, "address"))
                .findFirst()
                .orElse(NONE);
    }

    private static String externalAddress(JsonNode service) {
        String name = Json.text(service, "spec", "externalName");
        if (Json.text(service, "spec", "type").equals("ExternalName")) {
            return name;
        }
        List<String> addresses = Json.items(service, "status", "loadBalancer", "ingress").stream()
                .map(one -> Json.text(one, "ip"))
                .collect(Collectors.toList());
        addresses.addAll(Json.texts(service, "spec", "externalIPs"));
        boolean pending = Json.text(service, "spec", "type").equals("LoadBalancer") && addresses.isEmpty();
        return pending ? "<pending>" : some(addresses);
    }

    private static String servicePorts(JsonNode service) {
        return some(Json.items(service, "spec", "ports").stream()
                .map(port -> Json.scalar(port.path("port"))
                        + (port.has("nodePort") ? ":" + Json.scalar(port.path("nodePort")) : "")
                        + "/" + Json.text(port, "protocol"))
                .toList());
    }

    private static String replicas(JsonNode workload, String ready) {
        return Json.number(workload, 0, "status", ready) + "/" + Json.number(workload, 0, "spec", "replicas");
    }

    private static String containers(JsonNode workload, String field) {
        return Json.items(workload, "spec", "template", "spec", "containers").stream()
                .map(one -> Json.text(one, field))
                .collect(Collectors.joining(","));
    }

    private static String jobStatus(JsonNode job) {
        return Conditions.isTrue(job, "Complete")
                ? "Complete"
                : Conditions.isTrue(job, "Failed") ? "Failed" : "Running";
    }

    private static String jobDuration(JsonNode job, Instant now) {
        String end = Json.text(job, "status", "completionTime");
        String start = Json.text(job, "status", "startTime");
        return start.isEmpty() ? "" : Age.since(start, end.isEmpty() ? now : Instant.parse(end));
    }

    static String selector(JsonNode selector) {
        String labels = Json.map(selector, "matchLabels").entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        String expressions = Json.items(selector, "matchExpressions").stream()
                .map(Columns::expression)
                .collect(Collectors.joining(","));
        return orNone(labels.isEmpty() || expressions.isEmpty() ? labels + expressions : labels + "," + expressions);
    }

    private static String expression(JsonNode expression) {
        String key = Json.text(expression, "key");
        String values = " (" + String.join(",", Json.texts(expression, "values")) + ")";
        return switch (Json.text(expression, "operator")) {
            case "In" -> key + " in" + values;
            case "NotIn" -> key + " notin" + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }

    private static String pairs(Map<String, String> map) {
        return some(map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
    }

    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    private static String known(String text) {
        return text.isEmpty() ? "<unknown>" : text;
    }

    private static String some(Collection<String> texts) {
        return texts.isEmpty() ? NONE : String.join(",", texts);
    }
}
