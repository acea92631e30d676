package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services of a whole lab in one mode, as clients in pods, on nodes and outside see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServicesOfALab {

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

    private final String mode;
    private final int subnets;
    private final int requests;
    private Optional<TestLab> up = Optional.empty();

    /**
     * Those of a lab with this mode, whose two nodes are in so many subnets.
     *
     * @param requests so many connections do not miss one of two endpoints
     */
    ServicesOfALab(String mode, int subnets, int requests) {
        this.mode = mode;
        this.subnets = subnets;
        this.requests = requests;
    }

    final TestLab lab() {
        return up.orElseThrow();
    }

    /** Who answered, and whom they saw. */
    record Heard(Set<String> pods, Set<String> clients) {}

    @BeforeAll
    void up() throws Exception {
        TestLab lab = TestLab.up(mode, "--nodes", "2", "--subnets", String.valueOf(subnets), "--service-mode", mode);
        up = Optional.of(lab);
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
    void down() throws Exception {
        lab().close();
    }

    final String field(String name, Pattern pattern) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            String json = lab().lab("get", "services", name, "-n", "default", "-o", "json")
                    .output();
            Matcher found = pattern.matcher(json);
            if (found.find()) {
                return found.group(1);
            }
            assertThat(System.nanoTime()).as(json).isLessThan(end);
        }
    }

    static String shape(Family family) {
        return family == Family.IPV4 ? "[0-9.]+" : "[0-9a-f]*:[0-9a-f:]+";
    }

    final String virtual(String service, Family family) throws Exception {
        return url(
                field(service, Pattern.compile("\"clusterIPs\" *: *\\[[^\\]]*?\"(" + shape(family) + ")\"")),
                80,
                family);
    }

    static String url(String address, int port, Family family) {
        return "http://" + (family == Family.IPV4 ? address : "[" + address + "]") + ":" + port + "/";
    }

    /** With two subnets, the second node is in the second one. */
    final String node(int number, int port, Family family) {
        int subnet = 18 + (number - 1) % subnets;
        String host = family == Family.IPV4
                ? "172." + subnet + ".0.1" + number
                : "fd00:" + subnet + "::" + (char) ('a' + number);
        return url(host, port, family);
    }

    /** Some connections, one in each line. */
    final String requests(String url) {
        return "for i in $(seq " + requests + "); do curl -gsm 5 " + url + "; echo; done";
    }

    final Heard heard(TestLab.Result result) {
        Set<String> pods = new TreeSet<>();
        Set<String> clients = new TreeSet<>();
        int[] answers = new int[1];
        ANSWER.matcher(result.succeeded().output()).results().forEach(answer -> {
            pods.add(answer.group(1));
            clients.add(answer.group(2));
            answers[0]++;
        });
        assertThat(answers[0]).as(result.output()).isEqualTo(requests);
        return new Heard(pods, clients);
    }

    final Set<String> addresses(String pod) throws Exception {
        Set<String> addresses = new TreeSet<>();
        Matcher found = Pattern.compile("\"ip\" *: *\"([^\"]+)\"")
                .matcher(lab().lab("get", "pods", pod, "-n", "default", "-o", "json")
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
        Heard fromPod = heard(lab().inPod("client", requests(virtual("web", family))));
        assertThat(fromPod.pods()).containsExactly("one", "two");
        assertThat(addresses("client")).as("not masqueraded").containsAll(fromPod.clients());
        assertThat(heard(lab().onNode("node1", requests(virtual("web", family))))
                        .pods())
                .as("from the node itself")
                .containsExactly("one", "two");
        assertThat(heard(lab().inPod("one", requests(virtual("web", family)))).pods())
                .as("a pod that reaches itself, too")
                .containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    void nodePortsLeadToAllEndpointsFromEveryNode(Family family) throws Exception {
        for (int number : new int[] {1, 2}) {
            assertThat(heard(lab().onNode("outside", requests(node(number, 30080, family))))
                            .pods())
                    .containsExactly("one", "two");
            assertThat(heard(lab().onNode("node1", requests(node(number, 30080, family))))
                            .pods())
                    .containsExactly("one", "two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyLocalKeepsTheClientAndDropsElsewhere(Family family) throws Exception {
        Heard outside = heard(lab().onNode("outside", requests(node(1, 30081, family))));
        assertThat(outside.pods()).containsExactly("alone");
        String route = lab().onNode("outside", "ip route get 172.18.0.11; ip -6 route get fd00:18::b")
                .succeeded()
                .output();
        assertThat(outside.clients()).allSatisfy(client -> assertThat(route).contains("src " + client + " "));
        assertThat(lab().onNode("outside", "curl -gsm 2 " + node(2, 30081, family))
                        .status())
                .as("curl's code for a timeout")
                .isEqualTo(28);
        assertThat(heard(lab().inPod("client", requests(node(1, 30081, family))))
                        .pods())
                .containsExactly("alone");
    }

    @ParameterizedTest
    @EnumSource
    void aClientKeepsItsEndpoint(Family family) throws Exception {
        assertThat(heard(lab().inPod("client", requests(virtual("sticky", family))))
                        .pods())
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void loadBalancerAddressesLeadToAllEndpoints(Family family) throws Exception {
        String address = field("web", Pattern.compile("\"ip\" *: *\"(" + shape(family) + ")\""));
        assertThat(heard(lab().onNode("outside", requests(url(address, 80, family))))
                        .pods())
                .containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    void whatNobodyServesIsRefused(Family family) throws Exception {
        int refused = 7; // of curl
        assertThat(lab().inPod("client", "curl -gsm 5 " + virtual("empty", family))
                        .status())
                .isEqualTo(refused);
        assertThat(lab().onNode("outside", "curl -gsm 5 " + node(2, 30082, family))
                        .status())
                .isEqualTo(refused);
        assertThat(lab().inPod("client", "curl -gsm 5 " + virtual("web", family).replace(":80/", ":81/"))
                        .status())
                .as("a port that the Service does not have")
                .isEqualTo(refused);
    }
}
