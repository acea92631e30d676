package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node whose Services the real kube-proxy serves, in mode iptables. It is started again when the operator decides otherwise. */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class KubeProxyNode implements ServingNode {

    private static final Path KUBE_PROXY = Optional.ofNullable(System.getenv("FYR_PEERS"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache/fyr-peers"))
            .resolve("kube-proxy");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A Service with a number of its own for each change: rules with the number say that the change was seen. */
    private static final int FIRST_MARK = 1000;

    private final Path folder;
    private final ApiOfScenes api = new ApiOfScenes();
    private Optional<Process> running = Optional.empty();
    private Optional<ServiceOptions> options = Optional.empty();
    private Optional<Shown> shown = Optional.empty();
    private int marks = FIRST_MARK;

    private record Shown(Scene scene, Family family, boolean before) {}

    /** @param folder for its files */
    KubeProxyNode(Path folder) throws IOException {
        this.folder = folder;
    }

    /** Whether kube-proxy can be told the same: it knows pods by one prefix of each family. */
    static boolean canBe(Scene scene) {
        return !(scene.options().local() instanceof LocalTraffic.Prefixes(List<Prefix> prefixes))
                || prefixes.size() <= Family.values().length;
    }

    @Override
    public void serve(Scene scene, Family family, boolean before) throws Exception {
        Shown next = new Shown(scene, family, before);
        if (shown.filter(next::equals).isEmpty()) {
            show(before ? scene.inputsBefore(family) : scene.inputs(family), scene.options(), family);
            shown = Optional.of(next);
        }
    }

    @Override
    public void forgetClients() throws Exception {
        for (Family family : Family.values()) {
            show(Scene.of().inputs(family), options.orElse(ServiceOptions.USUAL), family);
        }
        shown = Optional.empty();
    }

    private void show(NodeInputs inputs, ServiceOptions now, Family family) throws Exception {
        int mark = ++marks;
        String address = family == Family.IPV4 ? "10.96.255.1" : "fd00:96::ffff";
        String kind = family == Family.IPV4 ? "IPv4" : "IPv6";
        String metadata = "\"metadata\":{\"namespace\":\"default\",\"name\":\"mark\",\"uid\":\"mark\","
                + "\"resourceVersion\":\"VERSION\",\"labels\":{\"kubernetes.io/service-name\":\"mark\"}}";
        String service = "{\"kind\":\"Service\",\"apiVersion\":\"v1\"," + metadata
                + ",\"spec\":{\"type\":\"ClusterIP\",\"clusterIP\":\"" + address + "\",\"clusterIPs\":[\"" + address
                + "\"],\"ipFamilies\":[\"" + kind + "\"],\"ports\":[{\"protocol\":\"TCP\",\"port\":" + mark + "}]}}";
        String slice = "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\"," + metadata
                + ",\"addressType\":\"" + kind + "\",\"ports\":[{\"name\":\"\",\"protocol\":\"TCP\",\"port\":" + mark
                + "}],\"endpoints\":[{\"addresses\":[\"" + Place.REMOTE_B.in(family)
                + "\"],\"conditions\":{\"ready\":true}}]}";
        // Names are sent in order, so what is after all others in both kinds has been seen last.
        api.show(inputs, Map.of("~mark", service), Map.of("~mark", slice));
        use(now);
        awaitMark(family, mark);
    }

    private void use(ServiceOptions now) throws Exception {
        if (options.filter(now::equals).isPresent()
                && running.filter(Process::isAlive).isPresent()) {
            return;
        }
        stop();
        Path kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"),
                ("{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],"
                                + " users: [{name: a, user: {}}], clusters: [{name: a, cluster: {server: '%s'}}]}")
                        .formatted(api.address()));
        Path config = Files.writeString(folder.resolve("config"), config(now, kubeconfig));
        // It ends with the test, however that ends.
        running = Optional.of(new ProcessBuilder(
                        "setpriv", "--pdeathsig", "KILL", KUBE_PROXY.toString(), "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start());
        options = Optional.of(now);
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static String config(ServiceOptions now, Path kubeconfig) {
        List<String> lines = new ArrayList<>(List.of(
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1",
                "kind: KubeProxyConfiguration",
                "mode: iptables",
                "hostnameOverride: self",
                "clientConnection: {kubeconfig: " + kubeconfig
                        + ", contentType: application/json, acceptContentTypes: application/json}",
                "conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s, tcpBeLiberal: true}",
                "iptables: {minSyncPeriod: 10ms, localhostNodePorts: false, masqueradeAll: " + now.masqueradeAll()
                        + "}"));
        switch (now.nodePorts()) {
            case NodePorts.Everywhere _ -> {}
            case NodePorts.At(boolean primary, List<Prefix> prefixes) ->
                lines.add("nodePortAddresses: " + (primary ? "[primary]" : words(prefixes)));
        }
        switch (now.local()) {
            case LocalTraffic.NodeBlocks _ -> lines.add("detectLocalMode: NodeCIDR");
            case LocalTraffic.Prefixes(List<Prefix> prefixes) -> {
                lines.add("detectLocalMode: ClusterCIDR");
                lines.add("clusterCIDR: '"
                        + prefixes.stream().map(Prefix::toString).collect(Collectors.joining(",")) + "'");
            }
            case LocalTraffic.Link(String name) -> {
                lines.add("detectLocalMode: BridgeInterface");
                lines.add("detectLocal: {bridgeInterface: " + name + "}");
            }
            case LocalTraffic.LinkPrefix(String prefix) -> {
                lines.add("detectLocalMode: InterfaceNamePrefix");
                lines.add("detectLocal: {interfaceNamePrefix: " + prefix + "}");
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String words(List<Prefix> prefixes) {
        return prefixes.stream().map(prefix -> "'" + prefix + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    private void awaitMark(Family family, int mark) throws Exception {
        String list = (family == Family.IPV4 ? "iptables" : "ip6tables") + "-save -t nat";
        for (long end = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(20)) {
            List<String> rules = PacketWorld.sh(list).lines().toList();
            boolean isServiceSeen = rules.stream().anyMatch(rule -> rule.contains("--dport " + mark + " "));
            boolean isSliceSeen = rules.stream().anyMatch(rule -> rule.contains("DNAT") && rule.endsWith(":" + mark));
            if (isServiceSeen && isSliceSeen) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("kube-proxy: %s", Files.readString(log()))
                    .isLessThan(end);
        }
    }

    private void stop() throws Exception {
        if (running.isPresent()) {
            running.get().destroy();
            if (!running.get().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                running.get().destroyForcibly();
            }
            PacketWorld.sh("for i in iptables ip6tables; do for t in nat filter mangle; do $i -w 5 -t $t -F;"
                    + " $i -w 5 -t $t -X; done; done");
        }
    }

    @Override
    public void close() throws Exception {
        stop();
        api.close();
    }
}
