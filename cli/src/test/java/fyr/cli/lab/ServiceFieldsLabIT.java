package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a lab shows of Services: zones and hints, pods that are not ready, and load balancer addresses. */
class ServiceFieldsLabIT {

    private static TestLab lab;
    private static ServiceEndpoints endpoints;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("fields", "--nodes", "3", "--zones", "2", "--service-mode", "nftables");
        endpoints = ServiceEndpoints.in(lab);
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    @Test
    void nodesAreDistributedOverZonesAndEndpointsHaveHints() throws Exception {
        assertThat(endpoints
                        .get("nodes")
                        .valueStream()
                        .map(node -> node.path("metadata")
                                .path("labels")
                                .path("topology.kubernetes.io/zone")
                                .asString("")))
                .containsExactly("zone-a", "zone-b", "zone-a");
        endpoints.awaitHints();
        assertThat(lab.lab("get", "events", "-n", "default", "-o", "json").output())
                .contains("Topology Aware Hints has been enabled, addressType: IPv4");
    }

    @Test
    void podsAreNotReadyOnDemand() throws Exception {
        lab.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: switched, labels: {app: switched}}
                spec: {containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: switched}
                spec: {selector: {app: switched}, ports: [{port: 80, targetPort: 8080}]}
                """);
        awaitReady("true");
        assertThat(lab.lab("unready", "service/switched").succeeded().output())
                .isEqualTo("pod/switched is not ready\n");
        awaitReady("false");
        lab.lab("ready", "switched").succeeded();
        awaitReady("true");
        assertThat(lab.lab("unready", "absent").output()).contains("pods \"absent\" not found");
    }

    private static void awaitReady(String expected) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            List<String> ready = endpoints
                    .get("endpointslices")
                    .valueStream()
                    .filter(slice -> slice.path("metadata")
                            .path("labels")
                            .path("kubernetes.io/service-name")
                            .asString("")
                            .equals("switched"))
                    .flatMap(slice -> slice.path("endpoints").valueStream())
                    .map(endpoint -> endpoint.path("conditions").path("ready").toString())
                    .toList();
            if (ready.equals(List.of(expected))) {
                return;
            }
            assertThat(System.nanoTime()).as("last: %s", ready).isLessThan(end);
        }
    }

    @Test
    void loadBalancersHaveAddressesOfThePoolThatAreReachableFromOutside() throws Exception {
        lab.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: balanced}
                spec: {type: LoadBalancer, ipFamilyPolicy: PreferDualStack, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
                """);
        List<String> addresses = awaitAddresses();
        assertThat(addresses)
                .extracting(address -> IpAddress.parse(address).family())
                .doesNotHaveDuplicates();
        for (String address : addresses) {
            String host = address.contains(":") ? "[" + address + "]" : address;
            assertThat(lab.onNode(
                                    "outside",
                                    "for i in $(seq 100); do curl -gsfm 1 http://" + host
                                            + "/ && exit 0; sleep 0.1; done; exit 1")
                            .succeeded()
                            .output())
                    .contains("\"pod\":\"p");
        }
    }

    private static List<String> awaitAddresses() throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            List<String> addresses = endpoints
                    .get("services")
                    .valueStream()
                    .filter(service ->
                            service.path("metadata").path("name").asString().equals("balanced"))
                    .flatMap(service -> service.path("status")
                            .path("loadBalancer")
                            .path("ingress")
                            .valueStream())
                    .peek(ingress ->
                            assertThat(ingress.path("ipMode").asString()).isEqualTo("VIP"))
                    .map((JsonNode ingress) -> ingress.path("ip").asString())
                    .toList();
            if (addresses.size() == 2) {
                return addresses;
            }
            assertThat(System.nanoTime()).as("last: %s", addresses).isLessThan(end);
        }
    }

    /** The kernel's list of virtual servers is there if IPVS is. */
    @Test
    void aLabWithoutIpvsSaysSoAtOnce() throws Exception {
        long began = System.nanoTime();
        TestLab.Result result = TestLab.fyr("lab", "up", "--name", TestLab.name("ipvs"), "--service-mode", "ipvs");
        if (Files.exists(Path.of("/proc/net/ip_vs"))) {
            TestLab.fyr("lab", "down", "--name", TestLab.name("ipvs"));
            assertThat(result.output()).as("a machine with IPVS").doesNotContain("the kernel has no IPVS");
            return;
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .isEqualTo(
                        "fyr: the lab cannot start: IPVS: the kernel has no IPVS, and could not load its modules;"
                                + " run modprobe -a ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack on the machine, or use another --service-mode\n");
    }

    @Test
    void refusesWhatItCannotMake() throws Exception {
        assertThat(TestLab.fyr("lab", "up", "--name", TestLab.name("no"), "--zones", "4")
                        .output())
                .contains("a lab of 3 nodes has 1 to 3 zones, not 4");
    }
}
