package fyr.lab.kubelet;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The runtime's side of CNI 1.1.0 (github.com/containernetworking/cni SPEC.md): reads the first network list of the node, and execs its
 * plugins in order, in the node's network. Blocks; safe on any platform thread.
 */
final class CniRuntime {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VERSION = "1.1.0";

    private final KubeletSettings settings;
    private final Path nodeNetwork;

    CniRuntime(KubeletSettings settings, Path nodeNetwork) {
        this.settings = settings;
        this.nodeNetwork = nodeNetwork;
    }

    /** The first of the network lists by name, if there is one already. */
    Optional<JsonNode> network() {
        try (Stream<Path> files = Files.list(settings.networks())) {
            Optional<Path> first = files.filter(file -> file.toString().endsWith(".conflist"))
                    .sorted()
                    .findFirst();
            return first.isPresent() ? Optional.of(JSON.readTree(Files.readString(first.get()))) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether pods can be attached. */
    boolean isReady() {
        try {
            return network()
                    .map(network -> {
                        network.path("plugins")
                                .forEach(plugin -> run("STATUS", plugin, configuration(network, plugin), Map.of()));
                        return true;
                    })
                    .orElse(false);
        } catch (CniException notYet) {
            return false;
        }
    }

    /** Attaches a pod and gives its addresses. */
    List<String> add(PodFacts pod, Path namespace) {
        JsonNode network =
                network().orElseThrow(() -> new CniException(CniException.TRY_AGAIN_LATER, "no CNI configuration yet"));
        Optional<JsonNode> result = Optional.empty();
        for (JsonNode plugin : network.path("plugins")) {
            ObjectNode configuration = configuration(network, plugin, pod);
            result.ifPresent(previous -> configuration.set("prevResult", previous));
            result = Optional.of(JSON.readTree(run("ADD", plugin, configuration, attachment(pod, namespace))));
        }
        return result.stream()
                .flatMap(json -> PodFacts.list(json.path("ips")).stream())
                .map(ip -> ip.path("address").asString().replaceFirst("/.*", ""))
                .toList();
    }

    /** Detaches a pod; what is not attached is no error. */
    void delete(PodFacts pod, Path namespace) {
        network()
                .ifPresent(network -> PodFacts.list(network.path("plugins"))
                        .reversed()
                        .forEach(plugin ->
                                run("DEL", plugin, configuration(network, plugin, pod), attachment(pod, namespace))));
    }

    private static ObjectNode configuration(JsonNode network, JsonNode plugin) {
        ObjectNode configuration = (ObjectNode) plugin.deepCopy();
        return configuration.put("name", network.path("name").asString()).put("cniVersion", version(network));
    }

    /** The highest that both sides know, as libcni takes it (NetworkConfFromBytes in libcni/conf.go): cniVersions came with 1.1.0. */
    private static String version(JsonNode network) {
        boolean newest = PodFacts.list(network.path("cniVersions")).stream()
                .anyMatch(version -> version.asString("").equals(VERSION));
        return newest ? VERSION : network.path("cniVersion").asString(VERSION);
    }

    /** With what the pod asks for and the plugin claims to be capable of (CONVENTIONS.md of CNI); the plugin does it or says that it cannot. */
    static ObjectNode configuration(JsonNode network, JsonNode plugin, PodFacts pod) {
        ObjectNode configuration = configuration(network, plugin);
        ArrayNode mappings = pod.portMappings();
        if (plugin.path("capabilities").path("portMappings").asBoolean(false) && !mappings.isEmpty()) {
            configuration.putObject("runtimeConfig").set("portMappings", mappings);
        }
        configuration.remove("capabilities");
        return configuration;
    }

    private static Map<String, String> attachment(PodFacts pod, Path namespace) {
        return Map.of(
                "CNI_CONTAINERID",
                pod.uid(),
                "CNI_NETNS",
                namespace.toString(),
                "CNI_IFNAME",
                "eth0",
                "CNI_ARGS",
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=" + pod.namespace() + ";K8S_POD_NAME=" + pod.name()
                        + ";K8S_POD_INFRA_CONTAINER_ID=" + pod.uid() + ";K8S_POD_UID=" + pod.uid());
    }

    private String run(String command, JsonNode plugin, ObjectNode configuration, Map<String, String> attachment) {
        Path executable = settings.executables().resolve(plugin.path("type").asString());
        ProcessBuilder builder = new ProcessBuilder(
                settings.enter().toString(), "at", nodeNetwork.toString(), "--", executable.toString());
        builder.environment().clear();
        builder.environment().putAll(attachment);
        builder.environment()
                .putAll(Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_PATH",
                        settings.executables().toString(),
                        "PATH",
                        "/usr/sbin:/usr/bin:/sbin:/bin"));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(
                settings.home().resolve("cni.log").toFile()));
        try {
            return finish(command, builder.start(), JSON.writeValueAsBytes(configuration), PATIENCE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The time runs while the plugin writes too: one that says nothing and does not end is ended. */
    static String finish(String command, Process process, byte[] input, Duration patience) throws IOException {
        send(process, input);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("cni-answer").start(() -> read(process, answer));
        try {
            String text = new String(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS), StandardCharsets.UTF_8);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                throw CniException.parse(command, text);
            }
            return text;
        } catch (TimeoutException slow) {
            throw new CniException(
                    CniException.TRY_AGAIN_LATER,
                    "CNI " + command + " took longer than " + patience.toSeconds() + " s");
        } catch (ExecutionException unreadable) {
            throw new IOException("CNI " + command, unreadable.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CniException(CniException.TRY_AGAIN_LATER, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void read(Process process, CompletableFuture<byte[]> answer) {
        try {
            answer.complete(process.getInputStream().readAllBytes());
        } catch (IOException failure) {
            answer.completeExceptionally(failure);
        }
    }

    private static void send(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException early) {
            return; // it answered without reading
        }
    }
}
