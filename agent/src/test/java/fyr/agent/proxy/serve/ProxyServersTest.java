package fyr.agent.proxy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyServersTest {

    private final ProxyHealth health = new ProxyHealth(InstantSource.system(), Duration.ofMinutes(1));
    private final ProxyMetrics metrics = new ProxyMetrics();

    private static InetSocketAddress free(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return new InetSocketAddress(host, socket.getLocalPort());
        }
    }

    private static HttpResponse<String> get(InetSocketAddress server, String path, String method) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String host = server.getAddress().getHostAddress();
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                                    + server.getPort() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void bothServersAnswerAsKubeProxyDoes(String host) throws Exception {
        InetSocketAddress healthAddress = free(host);
        InetSocketAddress metricsAddress = free(host);
        try (ProxyServers servers = new ProxyServers(true)) {
            Node node = new Node("node1", List.of(), List.of());
            servers.health(healthAddress, health, () -> Optional.of(node), metrics);
            servers.metrics(metricsAddress, metrics, "nftables");
            HttpResponse<String> healthz = get(healthAddress, "/healthz", "GET");
            assertThat(healthz.statusCode()).isEqualTo(200);
            assertThat(healthz.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(healthz.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(healthz.body()).contains("\"nodeEligible\":true");
            assertThat(get(healthAddress, "/livez", "HEAD").body()).isEmpty();
            assertThat(get(healthAddress, "/livez/", "GET").statusCode()).isEqualTo(404);
            assertThat(get(metricsAddress, "/proxyMode", "GET").body()).isEqualTo("nftables");
            assertThat(get(metricsAddress, "/healthz", "GET").body()).isEqualTo("ok");
            assertThat(get(metricsAddress, "/metrics", "GET").body())
                    .contains(
                            "kubeproxy_proxy_healthz_total{code=\"200\"} 1.0",
                            "kubeproxy_proxy_livez_total{code=\"200\"} 1.0");
        }
    }

    @Test
    void anAddressThatIsTakenIsAnErrorOrIsTriedAgain() throws Exception {
        InetSocketAddress taken =
                new InetSocketAddress("127.0.0.1", free("127.0.0.1").getPort());
        try (ProxyServers servers = new ProxyServers(false)) {
            try (ServerSocket other = new ServerSocket(taken.getPort(), 1, taken.getAddress())) {
                assertThat(other.isBound()).isTrue();
                try (ProxyServers strict = new ProxyServers(true)) {
                    assertThatThrownBy(() -> strict.metrics(taken, metrics, "nftables"))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("127.0.0.1:" + taken.getPort())
                            .hasMessageContaining("bindAddressHardFail");
                }
                servers.metrics(taken, metrics, "nftables");
            }
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String answer = "";
            while (answer.isEmpty() && System.nanoTime() < end) {
                try {
                    answer = get(taken, "/proxyMode", "GET").body();
                } catch (IOException refused) {
                    Thread.sleep(100);
                }
            }
            assertThat(answer).isEqualTo("nftables");
        }
    }

    /** The names and types of kube-proxy 1.37 in mode nftables. */
    @Test
    void metricsHaveKubeProxysNames() {
        metrics.noLocalEndpoints((_, _) -> 3);
        metrics.conntrack(0.002, 4, 0);
        assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
                .contains(
                        "# TYPE kubeproxy_sync_proxy_rules_no_local_endpoints_total gauge",
                        "kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv6\",traffic_policy=\"external\"} 3.0",
                        "kubeproxy_conntrack_reconciler_deleted_entries_total{ip_family=\"IPv4\"} 4.0",
                        "kubeproxy_conntrack_reconciler_sync_duration_seconds_bucket{ip_family=\"IPv4\",le=\"0.002\"} 1");
    }
}
