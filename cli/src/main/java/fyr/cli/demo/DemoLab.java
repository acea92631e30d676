package fyr.cli.demo;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifests;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.LabException;
import fyr.lab.cluster.Objects;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running lab in the demo's words. For one thread. */
final class DemoLab implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLISECONDS = 50;
    private static final JsonMapper JSON = new JsonMapper();

    private final Lab lab;
    private final ApiClient client;
    private final Objects objects;

    DemoLab(Lab lab) {
        this.lab = lab;
        this.client = ApiClient.connect(new Kubeconfig(lab.directory().kubeconfig()));
        this.objects = new Objects(client);
    }

    /** Applies manifests; all of them must be taken. */
    void apply(Path path) {
        StringBuilder lines = new StringBuilder();
        if (objects.apply(
                                Manifests.read(path),
                                "default",
                                line -> lines.append(line).append('\n'))
                        .failed()
                > 0) {
            throw new LabException("the API server refused some of " + path + ":\n"
                    + lines.toString().strip());
        }
    }

    void delete(Path path) {
        objects.delete(Manifests.read(path), "default", _ -> {});
    }

    List<JsonNode> pods() {
        return objects.get(objects.kind("pods"), Optional.empty(), Optional.empty());
    }

    /** The first pod of a namespace with this label {@code app}. */
    JsonNode pod(String namespace, String app) {
        return pods().stream()
                .filter(pod -> isOf(pod, namespace, app))
                .findFirst()
                .orElseThrow(() -> new LabException("no pod " + app + " in namespace " + namespace));
    }

    JsonNode service(String namespace, String name) {
        return objects.get(objects.kind("services"), Optional.of(namespace), Optional.of(name))
                .getFirst();
    }

    /** Waits until there are at least so many pods and all of them are ready. */
    void awaitPods(int atLeast) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(POLL_MILLISECONDS)) {
            List<JsonNode> pods = pods();
            if (pods.size() >= atLeast && pods.stream().allMatch(DemoLab::isReady)) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new LabException("pods are not ready after " + PATIENCE.toSeconds() + " s: "
                        + pods.stream()
                                .filter(pod -> !isReady(pod))
                                .map(DemoLab::name)
                                .toList());
            }
        }
    }

    /** Waits until every service of a namespace has as many ready endpoints as it has pods, in each of its families. */
    void awaitEndpoints(String namespace) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                !endpointsAreKnown(namespace);
                Thread.sleep(POLL_MILLISECONDS)) {
            if (System.nanoTime() > end) {
                throw new LabException(
                        "services of " + namespace + " have no endpoints after " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private boolean endpointsAreKnown(String namespace) {
        List<JsonNode> slices = objects.get(objects.kind("endpointslices"), Optional.of(namespace), Optional.empty());
        return objects.get(objects.kind("services"), Optional.of(namespace), Optional.empty()).stream()
                .allMatch(service -> {
                    String name = service.path("metadata").path("name").asString();
                    long expected = pods().stream()
                                    .filter(pod -> isOf(pod, namespace, name))
                                    .count()
                            * service.path("spec").path("ipFamilies").size();
                    long ready = slices.stream()
                            .filter(slice -> slice.path("metadata")
                                    .path("labels")
                                    .path("kubernetes.io/service-name")
                                    .asString("")
                                    .equals(name))
                            .flatMap(slice -> slice.path("endpoints").valueStream())
                            .filter(endpoint ->
                                    endpoint.path("conditions").path("ready").asBoolean(false))
                            .count();
                    return ready == expected;
                });
    }

    private static boolean isOf(JsonNode pod, String namespace, String app) {
        return pod.path("metadata").path("namespace").asString("").equals(namespace)
                && pod.path("metadata").path("labels").path("app").asString("").equals(app);
    }

    private static boolean isReady(JsonNode pod) {
        return pod.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals("Ready")
                        && condition.path("status").asString("").equals("True"));
    }

    /** {@code namespace/name} of an object. */
    static String name(JsonNode object) {
        return object.path("metadata").path("namespace").asString("") + "/"
                + object.path("metadata").path("name").asString("");
    }

    JsonNode check(String from, String to) {
        return JSON.readTree(lab.check(from, to));
    }

    JsonNode requests(String pod, IpAddress address, int port, int count) {
        return JSON.readTree(lab.requests(pod, address, port, count));
    }

    /** What a program of this machine prints inside a pod. */
    String run(JsonNode pod, String... program) {
        JsonNode metadata = pod.path("metadata");
        List<String> command = lab.inPod(
                metadata.path("namespace").asString(), metadata.path("name").asString(), List.of(program));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
