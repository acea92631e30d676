package fyr.lab.cluster;

import fyr.cluster.ClusterWatch;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.lab.check.Check;
import fyr.lab.check.CheckResult;
import fyr.lab.check.Places;
import fyr.lab.check.Requests;
import fyr.lab.world.Topology;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Checks inside a running lab, from the pods' own networks. For platform threads.
 *
 * @param dns where cluster DNS answers
 */
record Checks(LabDirectory directory, Topology topology, List<IpAddress> dns) {

    private static final Path NAMESPACES = Path.of("/run/netns");

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_SECONDS = 10;

    /** A JSON array, one object for each probe. */
    String probes(String from, String to) {
        List<CheckResult> results = check(new Check.Selection(from), new Check.Selection(to));
        ArrayNode array = JSON.createArrayNode();
        for (CheckResult result : results) {
            array.addObject()
                    .put("from", result.from())
                    .put("to", result.to())
                    .put("address", result.address().toString())
                    .put("port", result.port())
                    .put("protocol", result.protocol().toString())
                    .put("declared", result.declared())
                    .put("expected", result.expected().name().toLowerCase(Locale.ROOT))
                    .put("observed", result.observed() ? "allow" : "deny")
                    .put("ownSourceSeen", result.sourceSeen())
                    .put("holds", result.holds())
                    .put("because", result.because());
        }
        return JSON.writeValueAsString(array);
    }

    private List<CheckResult> check(Check.Selection from, Check.Selection to) {
        try {
            return new Check(snapshot(), places()).run(from, to);
        } catch (IllegalArgumentException nothing) {
            throw new LabException(String.valueOf(nothing.getMessage()));
        }
    }

    private Places places() {
        Map<String, Path> nodes = new TreeMap<>();
        topology.places().forEach(place -> nodes.put(place.name(), NAMESPACES.resolve(place.name())));
        return new Places(networks(), nodes, NAMESPACES.resolve("outside"), Topology.OUTSIDE, dns);
    }

    /** A JSON array of the answers of so many requests, one new connection each. */
    String requests(String pod, String address, String port, String count) {
        Path network = networks().entrySet().stream()
                .filter(entry -> entry.getKey().toString().equals(pod))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> NAMESPACES.resolve(pod));
        return JSON.writeValueAsString(
                Requests.make(network, IpAddress.parse(address), Integer.parseInt(port), Integer.parseInt(count)));
    }

    private ClusterSnapshot snapshot() {
        CompletableFuture<ClusterSnapshot> first = new CompletableFuture<>();
        try (ApiClient client = ApiClient.connect(new Kubeconfig(directory.insideKubeconfig()));
                ClusterWatch _ = ClusterWatch.start(client, first::complete, _ -> {})) {
            return first.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    private Map<NamespacedName, Path> networks() {
        Map<NamespacedName, Path> networks = new TreeMap<>();
        for (Path namespace : inside(directory.pods())) {
            for (Path pod : inside(namespace)) {
                network(pod)
                        .ifPresent(network -> networks.put(
                                new NamespacedName(
                                        namespace.getFileName().toString(),
                                        pod.getFileName().toString()),
                                network));
            }
        }
        return networks;
    }

    private static Optional<Path> network(Path pod) {
        try {
            return Optional.of(Path.of(Files.readString(pod.resolve("netns")).strip()));
        } catch (IOException gone) {
            return Optional.empty(); // the pod's, between the look and the reading
        }
    }

    private static List<Path> inside(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
