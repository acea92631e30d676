package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An agent in the place of kube-proxy: its configuration, its health and metrics, and the health check node ports of Services. */
class ProxyConfigLabIT {

    private static final String OBJECTS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {nodeName: node1, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer
              externalTrafficPolicy: Local
              healthCheckNodePort: 31999
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080}]
            """;

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("proxyconfig", "--nodes", "2");
        lab.apply(OBJECTS);
        lab.eventually("web", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static void eventually(String node, String script) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        TestLab.Result last = lab.onNode(node, script);
        while (last.status() != 0 && System.nanoTime() < end) {
            Thread.sleep(200);
            last = lab.onNode(node, script);
        }
        last.succeeded();
    }

    private static void configure(String node, String... lines) throws Exception {
        Files.writeString(
                lab.files().resolve("nodes").resolve(node).resolve("agent.options"), String.join("\n", lines));
        lab.lab("agent", "restart", node).succeeded();
    }

    /** Mode ipvs is what the file asks for: its agent has IPVS, or says that there is none. */
    private static void awaitIpvsOrItsLack(String node) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(200)) {
            if (lab.log(node).contains("IPVS: the kernel has no IPVS")
                    || lab.onNode(node, "test -e /proc/net/ip_vs").status() == 0) {
                return;
            }
            assertThat(System.nanoTime()).as(lab.log(node)).isLessThan(end);
        }
    }

    private static String asks(String host, int port, String path, int status) {
        return "test $(curl -s -o /dev/null -w '%{http_code}' --max-time 5 'http://" + host + ":" + port + path
                + "') = " + status;
    }

    @Test
    void loadBalancersLearnWhichNodeHasEndpoints() throws Exception {
        eventually("outside", asks("172.18.0.11", 31999, "/", 200));
        eventually("outside", asks("[fd00:18::b]", 31999, "/", 200));
        eventually("outside", asks("172.18.0.12", 31999, "/", 503));
        eventually("outside", asks("[fd00:18::c]", 31999, "/", 503));
        assertThat(lab.onNode("outside", "curl -si --max-time 5 http://172.18.0.11:31999/")
                        .succeeded()
                        .output())
                .contains("X-Load-Balancing-Endpoint-Weight: 1", "\"name\": \"web\"", "\"localEndpoints\": 1");
    }

    @Test
    void theFileOfTheArticleIsFollowedAndWhatIsNotHonouredIsNamed() throws Exception {
        Path file = Files.writeString(lab.files().resolve("kube-proxy.yaml"), """
                apiVersion: kubecfg.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: "ipvs"
                ipvs:
                strictARP: true
                """);
        configure("node2", "--proxy-config", file.toString());
        awaitIpvsOrItsLack("node2");
        configure("node2", "--proxy-config", file.toString(), "--service-mode", "nftables");
        eventually("outside", asks("172.18.0.12", 10256, "/healthz", 200));
        eventually("outside", asks("172.18.0.12", 10256, "/livez", 200));
        eventually(
                "node2",
                "curl -s --max-time 5 http://127.0.0.1:10249/metrics"
                        + " | grep 'kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family=\"IPv6\"} [1-9]'");
        String status = TestLab.fyr("status", "--lab", lab.name(), "--node", "node2")
                .succeeded()
                .output();
        assertThat(status)
                .contains(file.toString())
                .contains("strictARP: unknown field")
                .contains("apiVersion: unknown field");
        assertThat(lab.log("node2")).contains(file + ":5: strictARP: unknown field: it has no effect");
    }

    /** kubeadm's ConfigMap; the agent waits for it as it does for everything that the API server says. */
    @Test
    void theConfigurationMayBeInTheCluster() throws Exception {
        lab.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: kube-proxy, namespace: kube-system}
                data:
                  config.conf: |
                    apiVersion: kubeproxy.config.k8s.io/v1alpha1
                    kind: KubeProxyConfiguration
                    healthzBindAddress: "[::]:10257"
                    metricsBindAddress: "127.0.0.1:10250"
                    iptables: {masqueradeBit: 13}
                """);
        configure("node1", "--proxy-config", "configmap:kube-system/kube-proxy");
        eventually("outside", asks("[fd00:18::b]", 10257, "/healthz", 200));
        eventually("node1", asks("127.0.0.1", 10250, "/proxyMode", 200));
        assertThat(lab.log("node1"))
                .contains("ConfigMap kube-system/kube-proxy config.conf:5: iptables.masqueradeBit: not supported yet");
    }
}
