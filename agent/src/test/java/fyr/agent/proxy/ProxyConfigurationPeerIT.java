package fyr.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same file for kube-proxy itself ({@code --write-config-to} verifies it and ends) and for the agent. */
class ProxyConfigurationPeerIT {

    private static final Path KUBE_PROXY = Optional.ofNullable(System.getenv("FYR_PEERS"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache/fyr-peers"))
            .resolve("kube-proxy");

    @TempDir
    private Path folder;

    private record Peer(boolean accepts, String log, String written) {}

    private Peer kubeProxy(String text) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("in"), text);
        Path out = folder.resolve("out");
        Files.deleteIfExists(out);
        Process process = new ProcessBuilder(
                        KUBE_PROXY.toString(), "--config", file.toString(), "--write-config-to", out.toString())
                .redirectErrorStream(true)
                .start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean accepts = process.waitFor() == 0;
        return new Peer(accepts, log, accepts ? Files.readString(out) : "");
    }

    private static Optional<ProxyReading> ours(String text) {
        try {
            return Optional.of(ProxyConfigurationReader.read(text, "f"));
        } catch (ProxyConfigurationException refused) {
            return Optional.empty();
        }
    }

    /** kube-proxy writes every field that it knows, and the agent knows them all. */
    @Test
    void allFieldsThatKubeProxyWritesAreKnown() throws Exception {
        Peer peer = kubeProxy(WrittenConfigurations.of("mode: nftables\nipvs: {}\n"));
        assertThat(peer.accepts).as(peer.log).isTrue();
        ProxyReading reading = ours(peer.written).orElseThrow();
        assertThat(reading.remarks()).noneMatch(remark -> remark.treatment() == Treatment.UNKNOWN);
        Set<String> written = fields(peer.written);
        Set<String> known = ProxyFields.all().stream()
                .map(ProxyField::name)
                .filter(name -> !Set.of("featureGates", "vmodule", "windowsRunAsService")
                        .contains(name)) // omitempty
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(written).containsAll(known);
    }

    private static Set<String> fields(String yaml) {
        return yaml.lines()
                .map(line -> line.strip().replaceFirst(":.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: ipvs",
                "mode: foo",
                "mode: userspace",
                "mode: kernelspace",
                "mode: ''",
                "mode: 3",
                "mode: null",
                "ipvs:\nstrictARP: true",
                "ipvs: 3",
                "ipvs: []",
                "ipvs: {}",
                "ipvs: {strictArp: true}",
                "clusterCIDR: 10.0.0.0/8",
                "clusterCIDR: 10.0.0.0",
                "clusterCIDR: '10.0.0.0/8,fd00::/8'",
                "clusterCIDR: 'fd00::/8,10.0.0.0/8'",
                "clusterCIDR: '10.0.0.0/8,11.0.0.0/8'",
                "clusterCIDR: [10.0.0.0/8]",
                "clusterCIDR: 10.0.0.1/8",
                "clusterCIDR: 010.0.0.0/8",
                "nodePortAddresses: [primary]",
                "nodePortAddresses: [primary, 10.0.0.0/8, all, localhost]",
                "nodePortAddresses: [primary, primary]",
                "nodePortAddresses: [Primary]",
                "nodePortAddresses: primary",
                "nodePortAddresses: ['']",
                "nodePortAddresses: [1]",
                "conntrack: {maxPerCore: 0}",
                "conntrack: {maxPerCore: -1}",
                "conntrack: {maxPerCore: 2147483648}",
                "conntrack: {maxPerCore: 1.5}",
                "conntrack: {maxPerCore: '1'}",
                "conntrack: {min: -5}",
                "conntrack: {udpTimeout: 30}",
                "conntrack: {udpTimeout: 30s}",
                "conntrack: {udpTimeout: -30s}",
                "conntrack: {tcpEstablishedTimeout: 1d}",
                "conntrack: {tcpEstablishedTimeout: 1h1h}",
                "conntrack: {tcpCloseWaitTimeout: ''}",
                "conntrack: {tcpBeLiberal: yes}",
                "conntrack: {tcpBeLiberal: 1}",
                "conntrack: {tcpBeLiberal: on}",
                "iptables: {masqueradeBit: 31}",
                "iptables: {masqueradeBit: 32}",
                "nftables: {masqueradeBit: 32}",
                "mode: nftables\nnftables: {masqueradeBit: 32}",
                "mode: nftables\niptables: {masqueradeBit: -1}",
                "mode: ipvs\nipvs: {excludeCIDRs: [x]}",
                "mode: iptables\nipvs: {excludeCIDRs: [x]}",
                "mode: ipvs\nipvs: {excludeCIDRs: [10.0.0.0/8, 'fd00::/8']}",
                "mode: ipvs\nipvs: {tcpTimeout: -1s}",
                "ipvs: {tcpTimeout: -1s}",
                "mode: ipvs\nipvs: {udpTimeout: 1}",
                "detectLocalMode: NodeCIDR",
                "detectLocalMode: nodecidr",
                "detectLocalMode: BridgeInterface",
                "detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: br0}",
                "detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: veth}",
                "bindAddress: '::'",
                "bindAddress: ''",
                "bindAddress: here",
                "bindAddress: 10.0.0.1",
                "healthzBindAddress: '0.0.0.0:1'",
                "healthzBindAddress: 10.0.0.1",
                "healthzBindAddress: '[::1]:70000'",
                "healthzBindAddress: '::1'",
                "healthzBindAddress: 'host:1'",
                "healthzBindAddress: '[10.0.0.1]:5'",
                "metricsBindAddress: ':10249'",
                "metricsBindAddress: '0.0.0.0:0'",
                "metricsBindAddress: '127.0.0.1:01'",
                "oomScoreAdj: -1000",
                "oomScoreAdj: -1001",
                "oomScoreAdj: 1001",
                "oomScoreAdj: null",
                "configSyncPeriod: -1s",
                "configSyncPeriod: 0s",
                "iptables: {syncPeriod: -1s}",
                "iptables: {minSyncPeriod: 10s, syncPeriod: 5s}",
                "nftables: {syncPeriod: -1s}",
                "mode: nftables\nnftables: {syncPeriod: -1s}",
                "mode: nftables\nnftables: {minSyncPeriod: 10s, syncPeriod: 5s}",
                "clientConnection: {qps: -1}",
                "clientConnection: {qps: 1.5}",
                "clientConnection: {burst: -1}",
                "clientConnection: {kubeconfig: 7}",
                "enableProfiling: maybe",
                "portRange: 7",
                "portRange: '7'",
                "hostnameOverride: node7",
                "hostnameOverride: [a]",
                "winkernel: {enableDSR: true}",
                "winkernel: {enableDSR: 1}",
                "bogus: 1",
                "Mode: ipvs",
                "windowsRunAsService: true"
            })
    void bothAcceptOrBothRefuse(String fields) throws Exception {
        String text = WrittenConfigurations.of(fields + "\n");
        Peer peer = kubeProxy(text);
        Optional<ProxyReading> ours = ours(text);
        assertThat(ours.isPresent()).as(peer.log).isEqualTo(peer.accepts);
        boolean unknown = ours.stream()
                .flatMap(reading -> reading.remarks().stream())
                .anyMatch(remark -> remark.treatment() == Treatment.UNKNOWN);
        assertThat(unknown).as(peer.log).isEqualTo(peer.accepts && peer.log.contains("unknown field"));
    }
}
