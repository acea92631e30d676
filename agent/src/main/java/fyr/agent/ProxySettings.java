package fyr.agent;

import fyr.agent.proxy.ProxyConfiguration;
import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.agent.proxy.ProxyMode;
import fyr.agent.proxy.ProxyReading;
import fyr.agent.proxy.ProxySource;
import fyr.agent.proxy.Remark;
import fyr.agent.proxy.Treatment;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;
import fyr.cluster.manifest.ManifestException;
import fyr.cluster.manifest.Manifests;
import fyr.compiler.feature.ServiceMode;
import fyr.model.NamespacedName;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the configuration of kube-proxy at the start of an agent, says what the agent does with it, and completes the options by it. */
final class ProxySettings {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    /** The key that kubeadm writes. */
    private static final String KEY = "config.conf";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

    private ProxySettings() {}

    /** The options with what the configuration adds to them. Waits for the API server if that keeps the configuration. */
    static AgentOptions complete(AgentOptions options, ApiClient client) {
        if (options.proxy().source().isEmpty()) {
            return options;
        }
        ProxyReading reading = switch (options.proxy().source().get()) {
            case ProxySource.InFile(Path file) -> ProxyConfigurationReader.read(file);
            case ProxySource.InConfigMap(NamespacedName name) -> fromConfigMap(name, client::get);
        };
        AgentOptions completed = completed(options, reading);
        log(reading);
        adjustOomScore(reading.configuration().oomScoreAdjust());
        return completed;
    }

    /** {@code get} reads a path of the API. */
    static ProxyReading fromConfigMap(NamespacedName name, Function<String, byte[]> get) {
        String source = "ConfigMap " + name;
        byte[] json = patiently(source, get, "/api/v1/namespaces/" + name.namespace() + "/configmaps/" + name.name());
        try {
            return Manifests.parse(new String(json, StandardCharsets.UTF_8), source).stream()
                    .map(map -> map.content().get("data"))
                    .flatMap(data -> data instanceof Map<?, ?> map && map.get(KEY) instanceof String text
                            ? Stream.of(text)
                            : Stream.empty())
                    .findFirst()
                    .map(text -> ProxyConfigurationReader.read(text, source + " " + KEY))
                    .orElseThrow(() -> new AgentException(
                            source + " has no key " + KEY + " in its data; name the ConfigMap that kubeadm wrote"));
        } catch (ManifestException e) {
            throw new AgentException(String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] patiently(String source, Function<String, byte[]> get, String path) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return get.apply(path);
            } catch (ApiException refused) {
                if (refused.status() < 500 && refused.status() != 429) {
                    throw new AgentException(
                            "--proxy-config: " + source + " cannot be read: " + refused.getMessage()
                                    + (refused.status() == 403
                                            ? "; the role in examples/node/access.yaml permits it"
                                            : ""),
                            refused);
                }
                LOG.log(Level.WARNING, waiting(source, refused));
            } catch (UnreachableException silent) {
                LOG.log(Level.WARNING, waiting(source, silent));
            }
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private static String waiting(String source, RuntimeException why) {
        return source + " is not read yet, the agent waits for it: " + why.getMessage();
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException("interrupted while waiting for the API server", e);
        }
    }

    static AgentOptions completed(AgentOptions options, ProxyReading reading) {
        ProxyConfiguration read = reading.configuration();
        String node = options.nodeName().isEmpty() ? read.hostnameOverride().orElse("") : options.nodeName();
        if (node.isEmpty()) {
            throw new AgentException(
                    reading.source() + " has no hostnameOverride: name this node with the option --node-name");
        }
        List<Prefix> cidrs = Stream.concat(options.network().clusterCidrs().stream(), read.clusterCidrs().stream())
                .distinct()
                .toList();
        return new AgentOptions(
                node,
                options.api(),
                options.dns(),
                new AgentOptions.Network(
                        cidrs,
                        options.network().overlay(),
                        options.network().mode().or(() -> read.mode().map(ProxySettings::carriedOut)),
                        options.network().scheduler(),
                        options.network().resetConnections(),
                        options.network().connectionsPerPod()),
                options.loadBalancer(),
                options.directories(),
                options.health(),
                options.proxy().with(reading));
    }

    private static ServiceMode carriedOut(ProxyMode mode) {
        return switch (mode) {
            case NFTABLES -> ServiceMode.NFTABLES;
            case IPTABLES -> ServiceMode.IPTABLES;
            case IPVS -> ServiceMode.IPVS;
        };
    }

    private static void log(ProxyReading reading) {
        for (Remark remark : reading.remarks()) {
            switch (remark.treatment()) {
                case HONOURED -> {}
                case NOT_APPLICABLE -> LOG.log(Level.INFO, line(remark));
                case NOT_YET, UNKNOWN -> LOG.log(Level.WARNING, line(remark));
            }
        }
        long honoured = reading.remarks().stream()
                .filter(remark -> remark.treatment() == Treatment.HONOURED)
                .count();
        LOG.log(
                Level.INFO,
                reading.source() + ": fields of kube-proxy that are set: "
                        + reading.remarks().size() + ", honoured: " + honoured
                        + (reading.leftOut() == 0 ? "" : ", not listed: " + reading.leftOut()));
    }

    private static String line(Remark remark) {
        return remark.position() + ": " + remark.text();
    }

    /** As kube-proxy does. A process without CAP_SYS_RESOURCE may not lower it, which is no reason to stop. */
    private static void adjustOomScore(int score) {
        try {
            Files.writeString(OOM_SCORE, Integer.toString(score));
        } catch (IOException refused) {
            LOG.log(
                    Level.INFO,
                    "oomScoreAdj: the kernel refused " + score + " for this process; it needs CAP_SYS_RESOURCE");
        }
    }
}
