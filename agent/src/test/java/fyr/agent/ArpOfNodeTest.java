package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.compiler.feature.ArpAnswers;
import fyr.testkit.ClusterSketch;
import fyr.testkit.FakeKernel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of an agent mean for ARP. kube-proxy looks at strictARP in mode ipvs only. */
class ArpOfNodeTest {

    @ParameterizedTest
    @CsvSource({
        "false, nftables, false, AS_IT_IS",
        "false, nftables, true, AS_IT_IS",
        "false, ipvs, false, AS_IT_IS",
        "false, ipvs, true, STRICT",
        "true, nftables, false, STRICT_AT_UPLINK",
        "true, ipvs, true, STRICT"
    })
    void anOperatorDecides(boolean loadBalancer, String mode, boolean strict, ArpAnswers expected) {
        AgentOptions usual = Options.of(List.of(), List.of());
        String configuration = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: "
                + mode + "\nipvs: {strictARP: " + strict + "}\n";
        AgentOptions options = new AgentOptions(
                usual.nodeName(),
                usual.api(),
                usual.dns(),
                usual.network(),
                loadBalancer,
                usual.directories(),
                usual.health(),
                new AgentOptions.Proxy(
                        Optional.empty(),
                        Optional.of(ProxyConfigurationReader.read(configuration, "f")),
                        Optional.empty(),
                        Optional.empty()));
        IdentityFinder finder = new IdentityFinder(options, new FakeKernel().hostLinks(), NeededHosts::none);
        assertThat(finder.find(ClusterSketch.empty()
                        .node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24"))
                        .snapshot()))
                .isInstanceOfSatisfying(
                        IdentityFinder.Found.class,
                        found -> assertThat(found.identity().arp()).isEqualTo(expected));
    }
}
