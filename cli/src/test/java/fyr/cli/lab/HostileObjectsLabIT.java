package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Objects with hostile values of every kind that other parties write, past the checks of the API server, next to a cluster that works:
 * everybody else's packets go where they went before, agents stay healthy, each refused object is named, and nothing is left when the
 * objects are gone. Both nodes are in subnets of their own.
 */
class HostileObjectsLabIT {

    private static final List<String> NODES = List.of("node1", "node2");

    private static TestLab lab;
    private static Probes probes;
    private static String working = "";
    private static LabAddresses addresses;

    /** What is written at once: one kind of object. */
    enum Batch {
        SERVICES,
        SLICES,
        POLICIES,
        PODS,
        NODES;

        private HostileObjects objects() {
            return switch (this) {
                case SERVICES -> HostileServices.of(addresses);
                case SLICES -> HostileSlices.of(addresses);
                case POLICIES -> HostilePolicies.all();
                case PODS -> HostilePods.of(addresses);
                case NODES -> HostileNodes.of(addresses);
            };
        }
    }

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("hostile", "--nodes", "2", "--subnets", "2");
        lab.apply(Probes.CLUSTER);
        Map<String, String> found = new TreeMap<>();
        for (String pod : List.of("client1", "stranger1", "web1", "web2", "guarded2", "evil2")) {
            lab.eventually(pod, "true");
            found.put(pod + "/4", address(pod, "inet ([0-9.]+)/32"));
            found.put(pod + "/6", address(pod, "inet6 (fd[0-9a-f:]+)/128"));
        }
        String web =
                lab.lab("get", "services", "web", "-o", "json").output().replaceAll("(?s)\"managedFields\".*?]", "");
        TestLab.Result service = new TestLab.Result(0, web);
        found.put("web/4", lab.find("\"clusterIPs\" *: *\\[\\s*\"([^\"]+)\"", service));
        found.put("web/6", lab.find("\"clusterIPs\" *: *\\[[^]]*\"([^\"]*:[^\"]*)\"", service));
        found.put("web/node", lab.find("\"nodePort\" *: *([0-9]+)", service));
        addresses = new LabAddresses(found);
        probes = new Probes(lab, addresses);
        working = probes.awaitWorking();
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String address(String pod, String pattern) throws Exception {
        return lab.find(pattern, lab.inPod(pod, "ip addr show dev eth0").succeeded());
    }

    @ParameterizedTest
    @EnumSource
    void objectsThatLieHarmNobodyElse(Batch batch) throws Exception {
        Map<String, String> kernel = kernel();
        HostileObjects objects = batch.objects();
        lab.store(objects.manifests());
        try {
            objects.assertReported(lab, NODES);
            if (batch == Batch.SERVICES) {
                objects.awaitEvent(lab); // agents write ten at once, and then one each half minute
            }
            assertHealthy();
            probes.assertResults("with hostile objects", working);
            probes.assertNewPodWorks();
            assertHealthy();
        } finally {
            delete(objects);
        }
        awaitKernel(kernel);
        objects.awaitNoComplaint(lab, NODES);
        probes.assertResults("without them", working);
    }

    private static void delete(HostileObjects objects) throws Exception {
        try (ApiClient client = ApiClient.connect(new Kubeconfig(lab.files().resolve("kubeconfig")))) {
            for (String path : objects.paths()) {
                try {
                    client.delete(path, "{\"gracePeriodSeconds\":0}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                } catch (ApiException absent) {
                    assertThat(absent.status())
                            .as(path + ": " + absent.getMessage())
                            .isEqualTo(404);
                }
            }
        }
    }

    private static void assertHealthy() throws Exception {
        for (String node : NODES) {
            assertThat(lab.onNode(node, "curl -sm 5 -w ' %{http_code}' http://127.0.0.1:9099/readyz")
                            .output()
                            .strip())
                    .as(node)
                    .endsWith(" 200");
            // The kubelet asks CNI's STATUS.
            assertThat(lab.lab("get", "nodes", node, "-o", "json").output().replaceAll("\\s", ""))
                    .contains("\"type\":\"Ready\",\"status\":\"True\"");
            // What an object says may follow on a line, but begins none.
            assertThat(lab.log(node).lines())
                    .noneMatch(
                            line -> line.matches("(?!\\S+Z (INFO|WARNING|DEBUG) ).*") || line.contains("not applied"));
        }
    }

    private static Map<String, String> kernel() throws Exception {
        Map<String, String> state = new TreeMap<>();
        for (String node : NODES) {
            state.put(node, KernelText.of(lab, node));
        }
        return state;
    }

    private static void awaitKernel(Map<String, String> expected) throws Exception {
        Map<String, String> now = kernel();
        for (int i = 0; i < 30 && !now.equals(expected); i++) {
            Thread.sleep(500);
            now = kernel();
        }
        assertThat(now).isEqualTo(expected);
    }
}
