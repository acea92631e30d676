package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.agent.proxy.ProxyConfigurationReader;
import fyr.agent.proxy.ProxyMode;
import fyr.agent.proxy.ProxyReading;
import fyr.cluster.client.ApiException;
import fyr.compiler.feature.ServiceMode;
import fyr.model.NamespacedName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {

    private static final NamespacedName KUBE_PROXY = new NamespacedName("kube-system", "kube-proxy");

    private static final String CONFIG_MAP = """
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"kube-proxy","namespace":"kube-system"},"data":{"config.conf":
            "apiVersion: kubeproxy.config.k8s.io/v1alpha1\\nkind: KubeProxyConfiguration\\nmode: ipvs\\nbogus: 1\\n","kubeconfig.conf":"x"}}""";

    private static ProxyReading read(String json) {
        return ProxySettings.fromConfigMap(KUBE_PROXY, _ -> json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aConfigMapIsWaitedForUntilTheServerAnswers() {
        List<String> asked = new ArrayList<>();
        ProxyReading reading = ProxySettings.fromConfigMap(KUBE_PROXY, path -> {
            asked.add(path);
            if (asked.size() < 3) {
                throw new ApiException(asked.size() == 1 ? 503 : 429, "", "starting");
            }
            return CONFIG_MAP.getBytes(StandardCharsets.UTF_8);
        });
        assertThat(asked).hasSize(3).containsOnly("/api/v1/namespaces/kube-system/configmaps/kube-proxy");
        assertThat(reading.configuration().mode()).contains(ProxyMode.IPVS);
        assertThat(reading.remarks()).anySatisfy(remark -> {
            assertThat(remark.field()).isEqualTo("bogus");
            assertThat(remark.position()).isEqualTo("ConfigMap kube-system/kube-proxy config.conf:4");
        });
    }

    @Test
    void anAnswerThatIsNoEndsTheStart() {
        assertThatThrownBy(() -> ProxySettings.fromConfigMap(KUBE_PROXY, _ -> {
                    throw new ApiException(403, "Forbidden", "configmaps \"kube-proxy\" is forbidden");
                }))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("ConfigMap kube-system/kube-proxy")
                .hasMessageContaining("access.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}",
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{\"config.conf\":7}}",
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":[]}"
            })
    void anAnswerWithoutAConfigurationIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("ConfigMap kube-system/kube-proxy");
    }

    @ParameterizedTest
    @CsvSource({
        "iptables,,IPTABLES",
        "nftables,,NFTABLES",
        "'',,NFTABLES",
        "ipvs,,IPVS",
        "ipvs,NFTABLES,NFTABLES",
        "iptables,NFTABLES,NFTABLES"
    })
    void theModeIsTheConfigurationsUnlessTheCommandLineNamesOne(
            String configured, @Nullable ServiceMode named, ServiceMode expected) {
        ProxyReading reading = ProxyConfigurationReader.read(
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: '" + configured
                        + "'\n",
                "file");
        AgentOptions options = Options.of(List.of(), List.of());
        AgentOptions.Network network = options.network();
        AgentOptions given = new AgentOptions(
                options.nodeName(),
                options.api(),
                options.dns(),
                new AgentOptions.Network(
                        network.clusterCidrs(),
                        network.overlay(),
                        Optional.ofNullable(named),
                        network.scheduler(),
                        network.resetConnections(),
                        network.connectionsPerPod()),
                options.loadBalancer(),
                options.directories(),
                options.health(),
                options.proxy());
        assertThat(ProxySettings.completed(given, reading).network().serviceMode())
                .isEqualTo(expected);
    }
}
