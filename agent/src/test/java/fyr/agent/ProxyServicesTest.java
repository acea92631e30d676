package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.kernel.ipvs.Scheduler;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProxyServicesTest {

    private static final String HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    private static ServiceOptions options(String fields) {
        return ProxyServices.of(
                Optional.of(ProxyConfigurationReader.read(HEAD + fields, "f").configuration()));
    }

    @Test
    void withoutConfigurationEverythingIsUsual() {
        assertThat(ProxyServices.of(Optional.empty())).isEqualTo(ServiceOptions.USUAL);
    }

    private static ServiceOptions options(String fields, Optional<ServiceMode> mode, Optional<Scheduler> scheduler) {
        AgentOptions usual = Options.of(List.of(), List.of());
        AgentOptions given = new AgentOptions(
                usual.nodeName(),
                usual.api(),
                usual.dns(),
                network(mode, scheduler),
                usual.loadBalancer(),
                usual.directories(),
                usual.health(),
                usual.proxy());
        return ProxyServices.of(ProxySettings.completed(given, ProxyConfigurationReader.read(HEAD + fields, "f")));
    }

    private static AgentOptions.Network network(Optional<ServiceMode> mode, Optional<Scheduler> scheduler) {
        return new AgentOptions.Network(List.of(), Overlay.AUTO, mode, scheduler, false, OptionalInt.empty());
    }

    @Test
    void modeAndScheduler() {
        String mh = "mode: ipvs\nipvs: {scheduler: mh}";
        assertThat(options(mh, Optional.empty(), Optional.empty()))
                .isEqualTo(options("").in(ServiceMode.IPVS).with(Scheduler.MH));
        assertThat(options(mh, Optional.empty(), Optional.of(Scheduler.LC)).scheduler())
                .isEqualTo(Scheduler.LC);
        assertThat(options("mode: ipvs", Optional.empty(), Optional.empty()).scheduler())
                .isEqualTo(Scheduler.RR);
        assertThat(options("mode: ipvs\nipvs: {scheduler: sed}", Optional.empty(), Optional.empty())
                        .scheduler())
                .isEqualTo(Scheduler.RR);
        assertThat(options("", Optional.of(ServiceMode.IPVS), Optional.of(Scheduler.WLC)))
                .isEqualTo(options("").in(ServiceMode.IPVS).with(Scheduler.WLC));
    }

    @Test
    void timeoutsOfIpvs() {
        String fields = "ipvs: {tcpTimeout: 15m, tcpFinTimeout: 0s, udpTimeout: 1500ms}";
        assertThat(options("mode: ipvs\n" + fields).timeouts())
                .isEqualTo(new ServiceOptions.Timeouts(Duration.ofMinutes(15), Duration.ZERO, Duration.ofMillis(1500)));
        assertThat(options("mode: iptables\n" + fields).timeouts())
                .as("which kube-proxy does not read either")
                .isEqualTo(ServiceOptions.Timeouts.AS_THEY_ARE);
    }

    /** With the indentation that the article lost, and as it was printed. */
    @Test
    void theArticlesFilesAskForModeIpvs() throws IOException {
        String root = System.getenv().getOrDefault("FYR_ROOT", "..");
        String indented = Files.readString(Path.of(root, "examples/article/kube-proxy-ipvs.yaml"));
        String printed =
                "apiVersion: kubecfg.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: \"ipvs\"\nipvs:\nstrictARP: true\n";
        for (String text : List.of(indented, printed)) {
            AgentOptions options =
                    ProxySettings.completed(Options.of(List.of(), List.of()), ProxyConfigurationReader.read(text, "f"));
            assertThat(options.network().serviceMode()).isEqualTo(ServiceMode.IPVS);
            assertThat(ProxyServices.of(options))
                    .isEqualTo(ServiceOptions.USUAL.in(ServiceMode.IPVS).with(Scheduler.RR));
        }
    }

    @Test
    void aSchedulerWithoutModeIpvsIsRemarkedUpon() {
        assertThat(network(Optional.empty(), Optional.of(Scheduler.MH)).remark())
                .contains("--ipvs-scheduler mh has no effect: Services are carried out in mode nftables");
        assertThat(network(Optional.of(ServiceMode.IPVS), Optional.of(Scheduler.MH))
                        .remark())
                .isEmpty();
        assertThat(network(Optional.of(ServiceMode.IPTABLES), Optional.empty()).remark())
                .isEmpty();
    }

    @Test
    void nodePorts() {
        assertThat(options("").nodePorts()).isEqualTo(new NodePorts.Everywhere());
        assertThat(options("mode: iptables").nodePorts()).isEqualTo(new NodePorts.Everywhere());
        assertThat(options("mode: nftables").nodePorts()).isEqualTo(new NodePorts.At(true, List.of()));
        assertThat(options("nodePortAddresses: [primary]").nodePorts()).isEqualTo(new NodePorts.At(true, List.of()));
        assertThat(options("nodePortAddresses: [10.0.0.0/8, 'fd00::/8']").nodePorts())
                .isEqualTo(new NodePorts.At(false, List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("fd00::/8"))));
    }

    @Test
    void masqueradeAndLocalTraffic() {
        assertThat(options("mode: nftables\nnftables: {masqueradeAll: true}").masqueradeAll())
                .isTrue();
        assertThat(options("detectLocalMode: NodeCIDR").local()).isEqualTo(new LocalTraffic.NodeBlocks());
        assertThat(options("clusterCIDR: 10.244.0.0/16").local())
                .isEqualTo(new LocalTraffic.Prefixes(List.of(Prefix.parse("10.244.0.0/16"))));
        assertThat(options("detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cni0}")
                        .local())
                .isEqualTo(new LocalTraffic.Link("cni0"));
        assertThat(options("detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: cali}")
                        .local())
                .isEqualTo(new LocalTraffic.LinkPrefix("cali"));
    }
}
