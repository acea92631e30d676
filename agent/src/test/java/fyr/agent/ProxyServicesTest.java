package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyServicesTest {

    private static ServiceOptions options(String fields) {
        return ProxyServices.of(
                Optional.of(ProxyConfigurationReader.read("""
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                """ + fields, "f").configuration()));
    }

    @Test
    void withoutConfigurationEverythingIsUsual() {
        assertThat(ProxyServices.of(Optional.empty())).isEqualTo(ServiceOptions.USUAL);
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
