package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services of a whole lab in mode iptables, as clients in pods, on nodes and outside see them. */
class IptablesServicesLabIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, labels: {app: %2$s}}
            spec: {nodeName: %3$s, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec: {ipFamilyPolicy: PreferDualStack, %2$s ports: [{port: 80, targetPort: 8080%3$s}]}
            ---
            """;

    /** What answers say, one in each line. */
    private static final Pattern ANSWER = Pattern.compile("\"pod\":\"([^\"]+)\".*\"client\":\"\\[?([^\\]\"]+)");

    private static TestLab lab;

    /** Who answered, and whom they saw. */
    private record Heard(Set<String> pods, Set<String> clients) {}

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("iptables", "--nodes", "2", "--service-mode", "iptables");
        lab.apply(POD.formatted("client", "client", "node1")
                + POD.formatted("one", "web", "node1")
                + POD.formatted("two", "web", "node2")
                + POD.formatted("alone", "alone", "node1")
                + SERVICE.formatted("web", "type: LoadBalancer, selector: {app: web},", ", nodePort: 30080")
                + SERVICE.formatted(
                        "local",
                        "type: NodePort, externalTrafficPolicy: Local, selector: {app: alone},",
                        ", nodePort: 30081")
                + SERVICE.formatted("sticky", "sessionAffinity: ClientIP, selector: {app: web},", "")
                + SERVICE.formatted("empty", "type: NodePort, selector: {app: nobody},", ", nodePort: 30082"));
        lab.eventually("client", "curl -sfm 2 http://web/");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String field(String name, Pattern pattern) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            String json = lab.lab("get", "services", name, "-n", "default", "-o", "json")
                    .output();
            Matcher found = pattern.matcher(json);
            if (found.find()) {
                return found.group(1);
            }
            assertThat(System.nanoTime()).as(json).isLessThan(end);
        }
    }

    private static String shape(Family family) {
        return family == Family.IPV4 ? "[0-9.]+" : "[0-9a-f]*:[0-9a-f:]+";
    }

    private static String virtual(String service, Family family) throws Exception {
        return url(
                field(service, Pattern.compile("\"clusterIPs\" *: *\\[[^\\]]*?\"(" + shape(family) + ")\"")),
                80,
                family);
    }

    private static String url(String address, int port, Family family) {
        return "http://" + (family == Family.IPV4 ? address : "[" + address + "]") + ":" + port + "/";
    }

    private static String node(int number, int port, Family family) {
        return url(family == Family.IPV4 ? "172.18.0.1" + number : "fd00:18::" + (char) ('a' + number), port, family);
    }

    /** Forty connections, which miss one of two endpoints once in 10^12 times. */
    private static String requests(String url) {
        return "for i in $(seq 40); do curl -gsm 5 " + url + "; echo; done";
    }

    private static Heard heard(TestLab.Result result) {
        Set<String> pods = new TreeSet<>();
        Set<String> clients = new TreeSet<>();
        int[] answers = new int[1];
        ANSWER.matcher(result.succeeded().output()).results().forEach(answer -> {
            pods.add(answer.group(1));
            clients.add(answer.group(2));
            answers[0]++;
        });
        assertThat(answers[0]).as(result.output()).isEqualTo(40);
        return new Heard(pods, clients);
    }

    private static Set<String> addresses(String pod) throws Exception {
        Set<String> addresses = new TreeSet<>();
        Matcher found = Pattern.compile("\"ip\" *: *\"([^\"]+)\"")
                .matcher(lab.lab("get", "pods", pod, "-n", "default", "-o", "json")
                        .succeeded()
                        .output());
        while (found.find()) {
            addresses.add(found.group(1));
        }
        return addresses;
    }

    @ParameterizedTest
    @EnumSource
    void aVirtualAddressLeadsToAllEndpoints(Family family) throws Exception {
        Heard fromPod = heard(lab.inPod("client", requests(virtual("web", family))));
        assertThat(fromPod.pods()).containsExactly("one", "two");
        assertThat(addresses("client")).as("not masqueraded").containsAll(fromPod.clients());
        assertThat(heard(lab.onNode("node1", requests(virtual("web", family)))).pods())
                .as("from the node itself")
                .containsExactly("one", "two");
        assertThat(heard(lab.inPod("one", requests(virtual("web", family)))).pods())
                .as("a pod that reaches itself, too")
                .containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    void nodePortsLeadToAllEndpointsFromEveryNode(Family family) throws Exception {
        for (int number : new int[] {1, 2}) {
            assertThat(heard(lab.onNode("outside", requests(node(number, 30080, family))))
                            .pods())
                    .containsExactly("one", "two");
            assertThat(heard(lab.onNode("node1", requests(node(number, 30080, family))))
                            .pods())
                    .containsExactly("one", "two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyLocalKeepsTheClientAndDropsElsewhere(Family family) throws Exception {
        Heard outside = heard(lab.onNode("outside", requests(node(1, 30081, family))));
        assertThat(outside.pods()).containsExactly("alone");
        String route = lab.onNode("outside", "ip route get 172.18.0.11; ip -6 route get fd00:18::b")
                .succeeded()
                .output();
        assertThat(outside.clients()).allSatisfy(client -> assertThat(route).contains("src " + client + " "));
        assertThat(lab.onNode("outside", "curl -gsm 2 " + node(2, 30081, family))
                        .status())
                .as("curl's code for a timeout")
                .isEqualTo(28);
        assertThat(heard(lab.inPod("client", requests(node(1, 30081, family)))).pods())
                .containsExactly("alone");
    }

    @ParameterizedTest
    @EnumSource
    void aClientKeepsItsEndpoint(Family family) throws Exception {
        assertThat(heard(lab.inPod("client", requests(virtual("sticky", family))))
                        .pods())
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void loadBalancerAddressesLeadToAllEndpoints(Family family) throws Exception {
        String address = field("web", Pattern.compile("\"ip\" *: *\"(" + shape(family) + ")\""));
        assertThat(heard(lab.onNode("outside", requests(url(address, 80, family))))
                        .pods())
                .containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    void whatNobodyServesIsRefused(Family family) throws Exception {
        int refused = 7; // of curl
        assertThat(lab.inPod("client", "curl -gsm 5 " + virtual("empty", family))
                        .status())
                .isEqualTo(refused);
        assertThat(lab.onNode("outside", "curl -gsm 5 " + node(2, 30082, family))
                        .status())
                .isEqualTo(refused);
        assertThat(lab.inPod("client", "curl -gsm 5 " + virtual("web", family).replace(":80/", ":81/"))
                        .status())
                .as("a port that the Service does not have")
                .isEqualTo(refused);
    }

    @Test
    void theChainsAreThoseOfKubeProxyAndMapsOfServicesAreAbsent() throws Exception {
        for (String save : new String[] {"iptables-save", "ip6tables-save"}) {
            assertThat(lab.onNode("node1", save).succeeded().output())
                    .contains(
                            ":KUBE-SERVICES ",
                            ":KUBE-SVC-",
                            ":KUBE-SEP-",
                            "default/sticky",
                            "--rcheck --seconds 10800");
        }
        assertThat(lab.onNode("node1", "nft list table ip fyr; nft list table ip6 fyr")
                        .succeeded()
                        .output())
                .doesNotContain("map services ", "map backends ", "map node-ports ", "map affinity ");
    }
}
