package fyr.cli.demo;

import fyr.cli.demo.Section.Row;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What works without any policy: the flat network, services, names, and traffic to the outside. */
record Connectivity(DemoLab lab) {

    private static final int REQUESTS = 90;
    private static final IpAddress OUTSIDE = IpAddress.parse("203.0.113.10");
    private static final IpAddress OUTSIDE_IPV6 = IpAddress.parse("2001:db8::10");
    private static final int OUTSIDE_PORT = 8080;

    /** Every pod connects to every pod; the rows are the pairs of nodes. */
    Section flatNetwork() {
        Map<String, String> nodes = new TreeMap<>();
        lab.pods()
                .forEach(pod -> nodes.put(
                        DemoLab.name(pod), pod.path("spec").path("nodeName").asString("")));
        Map<String, List<JsonNode>> byPair = new TreeMap<>();
        for (JsonNode result : lab.check("*/*", "*/*")) {
            Optional<String> from =
                    Optional.ofNullable(nodes.get(result.path("from").asString()));
            Optional<String> to =
                    Optional.ofNullable(nodes.get(result.path("to").asString()));
            if (from.isPresent() && to.isPresent()) { // services are asked, too
                byPair.computeIfAbsent(from.get() + " " + to.get(), _ -> new ArrayList<>())
                        .add(result);
            }
        }
        List<Row> rows = byPair.entrySet().stream()
                .map(entry -> flatRow(entry.getKey().split(" "), entry.getValue()))
                .toList();
        return new Section(
                "Every pod reaches every pod under its own address",
                List.of("FROM", "TO", "PROBES", "IPV6", "UDP", "ANSWERED", "OWN ADDRESS SEEN"),
                rows);
    }

    private static Row flatRow(String[] pair, List<JsonNode> results) {
        long answered = count(results, "observed", "allow");
        long own = results.stream()
                .filter(result -> result.path("ownSourceSeen").asBoolean())
                .count();
        long ipv6 = results.stream()
                .filter(result -> result.path("address").asString().indexOf(':') >= 0)
                .count();
        return Row.of(
                answered == results.size() && own == results.size(),
                pair[0],
                pair[1],
                Integer.toString(results.size()),
                Long.toString(ipv6),
                Long.toString(count(results, "protocol", "UDP")),
                Long.toString(answered),
                Long.toString(own));
    }

    private static long count(List<JsonNode> results, String field, String value) {
        return results.stream()
                .filter(result -> result.path(field).asString().equals(value))
                .count();
    }

    /** Many connections through each service, from a pod; each of its endpoints must get some. */
    Section services() {
        List<Row> rows = new ArrayList<>();
        String client = DemoLab.name(lab.pod("shop", "frontend"));
        for (String name : List.of("frontend", "checkout", "payments")) {
            JsonNode service = lab.service("shop", name);
            int port = service.path("spec").path("ports").path(0).path("port").asInt();
            for (JsonNode address : service.path("spec").path("clusterIPs")) {
                rows.add(balance(client, "shop/" + name, IpAddress.parse(address.asString()), port));
            }
        }
        for (String node : List.of("172.18.0.11", "172.19.0.12", "fd00:18::b")) {
            rows.add(balance("outside", "shop/frontend, node port", IpAddress.parse(node), 30080));
        }
        return new Section(
                "Services balance", List.of("FROM", "SERVICE", "ADDRESS", "REQUESTS", "ANSWERED", "BY"), rows);
    }

    /** Repeated once if an endpoint got nothing: the nodes learn about endpoints a moment after the API server does. */
    private Row balance(String from, String service, IpAddress address, int port) {
        Row first = balanceOnce(from, service, address, port);
        return first.holds() ? first : balanceOnce(from, service, address, port);
    }

    private Row balanceOnce(String from, String service, IpAddress address, int port) {
        JsonNode answers = lab.requests(from, address, port, REQUESTS);
        Map<String, Long> byPod = answers.valueStream()
                .filter(answer -> !answer.isNull())
                .collect(Collectors.groupingBy(
                        answer -> answer.path("pod").asString(), TreeMap::new, Collectors.counting()));
        long answered = byPod.values().stream().mapToLong(Long::longValue).sum();
        String app = service.replaceAll(".*/|,.*", "");
        long endpoints = lab.pods().stream()
                .filter(pod -> pod.path("metadata")
                        .path("labels")
                        .path("app")
                        .asString("")
                        .equals(app))
                .count();
        return Row.of(
                answered == REQUESTS && byPod.size() == endpoints,
                from,
                service,
                address + " port " + port,
                Integer.toString(REQUESTS),
                Long.toString(answered),
                byPod.values().stream().map(Object::toString).collect(Collectors.joining(" + ")));
    }

    /** Names as the C library of this machine resolves them inside a pod, search list and all. */
    Section names() {
        JsonNode pod = lab.pod("shop", "frontend");
        List<String> checkout =
                addresses(lab.service("shop", "checkout").path("spec").path("clusterIPs"), "");
        List<String> database = lab.pods().stream()
                .filter(candidate -> candidate
                        .path("metadata")
                        .path("labels")
                        .path("app")
                        .asString("")
                        .equals("database"))
                .flatMap(candidate -> addresses(candidate.path("status").path("podIPs"), "ip").stream())
                .toList();
        List<String> first = addresses(
                lab.pods().stream()
                        .filter(candidate -> candidate
                                .path("metadata")
                                .path("name")
                                .asString("")
                                .equals("database-0"))
                        .findFirst()
                        .orElseThrow()
                        .path("status")
                        .path("podIPs"),
                "ip");
        return new Section(
                "Names resolve",
                List.of("NAME", "EXPECTED", "RESOLVED"),
                List.of(
                        name(pod, "checkout", checkout),
                        name(pod, "checkout.shop.svc.cluster.local", checkout),
                        name(pod, "database.backend-secure", database),
                        name(pod, "database-0.database.backend-secure.svc.cluster.local", first),
                        name(pod, "www.example.org", List.of("203.0.113.20", "2001:db8::20")),
                        name(pod, "nobody.shop.svc.cluster.local", List.of())));
    }

    private Row name(JsonNode pod, String name, List<String> expected) {
        List<String> resolved = lab.run(pod, "getent", "ahosts", name)
                .lines()
                .map(line -> line.split(" ")[0])
                .distinct()
                .sorted()
                .toList();
        List<String> sorted = expected.stream().sorted().toList();
        return Row.of(sorted.equals(resolved), name, words(sorted), words(resolved));
    }

    private static String words(List<String> addresses) {
        return addresses.isEmpty() ? "no such name" : String.join(" ", addresses);
    }

    private static List<String> addresses(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> field.isEmpty()
                        ? element.asString()
                        : element.path(field).asString())
                .toList();
    }

    /** Traffic that leaves the cluster has its node's address, in both families. */
    Section wayOut() {
        JsonNode pod = lab.pod("shop", "frontend");
        List<String> node = addresses(pod.path("status").path("hostIPs"), "ip");
        List<Row> rows = new ArrayList<>();
        for (IpAddress address : List.of(OUTSIDE, OUTSIDE_IPV6)) {
            String seen = lab.requests(DemoLab.name(pod), address, OUTSIDE_PORT, 1)
                    .path(0)
                    .path("client")
                    .asString("no answer");
            rows.add(Row.of(node.contains(seen), DemoLab.name(pod), address.toString(), String.join(" ", node), seen));
        }
        return new Section(
                "What leaves the cluster has its node's address",
                List.of("FROM", "TO", "NODE'S ADDRESSES", "SEEN OUTSIDE"),
                rows);
    }

    /** A pod with a resolver of its own keeps it. */
    Section ownResolver() {
        JsonNode pod = lab.pods().stream()
                .filter(candidate ->
                        candidate.path("metadata").path("name").asString("").equals("intense-worker"))
                .findFirst()
                .orElseThrow();
        List<String> lines =
                lab.run(pod, "cat", "/etc/resolv.conf").lines().sorted().toList();
        boolean own = lines.contains("nameserver 1.1.1.1")
                && lines.stream().filter(line -> line.startsWith("nameserver")).count() == 1
                && lines.contains("search svc.cluster.local");
        return new Section(
                "A pod with dnsPolicy None has a resolver of its own",
                List.of("POD", "RESOLV.CONF"),
                List.of(Row.of(own, DemoLab.name(pod), String.join("; ", lines))));
    }
}
