package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which node answers for load balancer addresses, and what becomes of them when a node dies. curl outside, the kernel of a machine on the
 * nodes' segment and tcpdump at the router are the witnesses.
 */
class L2LabIT {

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
            metadata: {name: %1$s, annotations: {fyr.dev/address-pool: %4$s}}
            spec: {type: LoadBalancer, %2$s, selector: {app: %3$s}, ports: [{port: 80, targetPort: 8080}]}
            ---
            """;
    private static final String MANY = """
            apiVersion: fyr.dev/v1alpha1
            kind: AddressPool
            metadata: {name: many}
            spec: {addresses: [172.18.4.0/22, 'fd00:18::4:0/118'], autoAssign: false}
            ---
            """;
    private static final String[] NODES = {"node1", "node2", "node3"};
    private static final int SERVICES = 500;

    private static TestLab lab;
    private static Segment segment;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("l2", "--nodes", "3");
        segment = Segment.in(lab, NODES);
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String families(Family family) {
        return "ipFamilies: [" + (family == Family.IPV4 ? "IPv4" : "IPv6") + "]";
    }

    private static String url(String address) {
        return "http://" + (address.contains(":") ? "[" + address + "]" : address) + "/";
    }

    /** The load balancer addresses of the Services with a prefix, once there are so many. */
    private static List<String> addresses(String prefix, int count) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(90).toNanos(); ; Thread.sleep(200)) {
            JsonNode services = new JsonMapper()
                    .readTree(lab.lab("get", "services", "-n", "default", "-o", "json")
                            .succeeded()
                            .output());
            List<String> addresses = new ArrayList<>();
            for (JsonNode service : services) {
                if (service.path("metadata").path("name").asString("").startsWith(prefix)) {
                    service.path("status")
                            .path("loadBalancer")
                            .path("ingress")
                            .forEach(one -> addresses.add(one.path("ip").asString("")));
                }
            }
            if (addresses.size() == count) {
                return addresses;
            }
            assertThat(System.nanoTime())
                    .as("%s of %s", addresses.size(), count)
                    .isLessThan(end);
        }
    }

    /** The processes of a node's agent. */
    private static List<String> agent(String node) {
        List<String> processes = TestLab.processes(lab.name()).stream()
                .filter(process -> TestLab.commandLine(process).contains("\0--node-name\0" + node + "\0"))
                .map(process -> Long.toString(process.pid()))
                .toList();
        assertThat(processes).isNotEmpty();
        return processes;
    }

    private static void signal(String signal, String node) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        command.addAll(agent(node));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** Freezes a node and takes it off the network; the time at which it was gone, in seconds since 1970. */
    private static double kill(String node) throws Exception {
        signal("STOP", node);
        TestLab.Result time = lab.onNode("router", "ip link set " + node + " down && date +%s.%N")
                .succeeded();
        return Double.parseDouble(time.output().strip());
    }

    private static double revive(String node) throws Exception {
        TestLab.Result time = lab.onNode("router", "ip link set " + node + " up && date +%s.%N")
                .succeeded();
        signal("CONT", node);
        return Double.parseDouble(time.output().strip());
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    /** Requests from outside without pause; prints when each one succeeded. */
    private static Process requests(String address, Path end) throws Exception {
        return lab.start(
                "exec",
                "--node",
                "outside",
                "--",
                "bash",
                "-c",
                "until [ -e " + end + " ]; do curl -gsf -m 0.2 -o /dev/null " + url(address)
                        + " && date +%s.%N; sleep 0.01; done");
    }

    private static List<Double> times(TestLab.Result requests) {
        return requests.succeeded().output().lines().map(Double::parseDouble).toList();
    }

    private static double longestPause(List<Double> times) {
        double longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }

    private static void awaitReachable(String address) throws Exception {
        lab.onNode(
                        "outside",
                        "for i in $(seq 200); do curl -gsf -m 1 -o /dev/null " + url(address)
                                + " && exit 0; sleep 0.1; done; exit 1")
                .succeeded();
    }

    private static String elsewhere(String node) {
        return node.equals("node1") ? "node2" : "node1";
    }

    /**
     * The node that answers is frozen and its cable is pulled. It comes back, and later it is only frozen: then it finds questions waiting
     * when it goes on.
     */
    @ParameterizedTest
    @EnumSource
    void anAddressIsAnsweredForAgainWithinASecondOfItsNodesDeathAndNeverByTwo(Family family) throws Exception {
        String name = "dies-" + (family == Family.IPV4 ? "four" : "six");
        lab.apply(SERVICE.formatted(name, families(family), name, "lab"));
        String address = addresses(name, 1).getFirst();
        String first = segment.holder(address);
        lab.apply(POD.formatted(name, name, elsewhere(first)));
        awaitReachable(address);
        Path end = lab.files().resolve("end-" + name);
        Path said = lab.files().resolve("said-" + name);
        Process listening = segment.listen(said, end);
        Process requesting = requests(address, end);
        double died;
        double back;
        double stopped;
        double continued;
        try {
            Thread.sleep(1_000);
            died = kill(first);
            Thread.sleep(2_000);
            Process asking = segment.ask(address, end); // only now: until here the router learned from the announcement
            back = revive(first);
            Thread.sleep(5_000);
            signal("STOP", first);
            stopped = now();
            Thread.sleep(2_000);
            signal("CONT", first);
            continued = now();
            Thread.sleep(5_000);
            Files.writeString(end, "");
            TestLab.finish(asking);
        } finally {
            Files.writeString(end, "");
        }
        List<Double> requests = times(TestLab.finish(requesting));
        TestLab.finish(listening);
        Heard heard = Heard.of(Files.readString(said), address, segment.nodes());
        assertThat(heard.answersAfter(died)).as("answers").isNotEmpty();
        String second = heard.answersAfter(died).getFirst().node();
        double gap = longestPause(requests.stream().filter(time -> time < back).toList());
        System.out.printf(
                "%s: %s at %s died: requests paused %.3f s; frozen and back: %.3f s; two nodes spoke for %.3f s, of %d messages%n",
                name,
                address,
                first,
                gap,
                longestPause(requests.stream().filter(time -> time > back).toList()),
                heard.overlap(),
                heard.all().size());
        assertThat(second).isNotEqualTo(first).startsWith("node");
        assertThat(requests).hasSizeGreaterThan(100);
        assertThat(heard.all()).as("messages").hasSizeGreaterThan(100);
        assertThat(gap).as("requests").isLessThan(1);
        assertThat(longestPause(requests)).as("requests later").isLessThan(1);
        assertThat(heard.announced(second, died, died + 1))
                .as("%s after %s", heard, died)
                .isTrue();
        assertThat(heard.announced(first, back, stopped)).isTrue();
        assertThat(heard.answersAfter(stopped).stream()
                        .filter(answer -> answer.seconds() < continued)
                        .map(Heard.Said::node))
                .contains(second);
        assertThat(heard.answersAfter(continued).getLast().node()).isEqualTo(first);
        assertThat(heard.overlap()).isLessThan(0.1);
    }

    @Test
    void aThousandAddressesSpreadEvenlyAndMoveOnlyWhenTheyMust() throws Exception {
        StringBuilder manifests = new StringBuilder(MANY);
        for (int i = 0; i < SERVICES; i++) {
            manifests.append(SERVICE.formatted("many-" + i, "ipFamilyPolicy: RequireDualStack", "none", "many"));
        }
        lab.apply(manifests.toString());
        List<String> all = addresses("many-", 2 * SERVICES);
        Map<String, String> before = settled(all);
        Map<String, Integer> shares = shares(before);
        System.out.println("1000 addresses: " + shares);
        assertThat(shares.keySet()).containsExactly(NODES);
        assertThat(shares.values()).allMatch(count -> count > 250 && count < 420);

        double died = kill("node2");
        Thread.sleep(1_000);
        Map<String, String> after = segment.holders(all);
        System.out.println("a second after the death of node2: " + shares(after));
        assertThat(after).hasSize(2 * SERVICES);
        assertThat(now() - died).isLessThan(10);
        before.forEach((address, node) -> {
            if (node.equals("node2")) {
                assertThat(after.get(address)).isIn("node1", "node3");
            } else {
                assertThat(after).containsEntry(address, node);
            }
        });
        assertThat(shares(after).values()).allMatch(count -> count > 400);

        revive("node2");
        assertThat(settled(all)).isEqualTo(before);
        List<String> delete = new ArrayList<>(List.of("services"));
        IntStream.range(0, SERVICES).forEach(i -> delete.add("many-" + i));
        lab.lab("delete", delete.toArray(String[]::new)).succeeded();
    }

    /** As kube-proxy leaves addresses in mode ipvs. The kernel would answer for them by default. */
    @Test
    void anotherLinkOfANodeDoesNotAnswer() throws Exception {
        lab.apply(SERVICE.formatted("elsewhere", "ipFamilyPolicy: RequireDualStack", "none", "lab"));
        List<String> addresses = addresses("elsewhere", 2);
        segment.holder(addresses.getLast());
        segment.holder(addresses.getFirst());
        Map<String, String> before = segment.holders(addresses);
        assertThat(before).hasSize(2);
        for (String node : NODES) {
            lab.onNode(
                            node,
                            addresses.stream()
                                    .map(address -> "ip addr add " + address + " dev lo")
                                    .collect(Collectors.joining("; ")))
                    .succeeded();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(segment.holders(addresses)).isEqualTo(before);
        }
        for (String node : NODES) {
            lab.onNode(
                            node,
                            addresses.stream()
                                    .map(address -> "ip addr del " + address + " dev lo")
                                    .collect(Collectors.joining("; ")))
                    .succeeded();
        }
    }

    /** Who answers for what, once everybody is back in his place. */
    private static Map<String, String> settled(List<String> addresses) throws Exception {
        Map<String, String> last = Map.of();
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(2_500)) {
            Map<String, String> now = segment.holders(addresses);
            if (now.size() == addresses.size() && now.equals(last)) {
                return now;
            }
            last = now;
            assertThat(System.nanoTime()).as("%s", shares(now)).isLessThan(end);
        }
    }

    private static Map<String, Integer> shares(Map<String, String> holders) {
        Map<String, Integer> shares = new TreeMap<>();
        holders.values().forEach(node -> shares.merge(node, 1, Integer::sum));
        return shares;
    }

    /** With externalTrafficPolicy Local the client's own address is seen, because the address is at a node with an endpoint. */
    @Test
    void anAddressFollowsTheEndpointsOfItsService() throws Exception {
        lab.apply(POD.formatted("follows-2", "follows", "node2")
                + SERVICE.formatted(
                        "follows", "externalTrafficPolicy: Local, ipFamilyPolicy: RequireDualStack", "follows", "lab"));
        List<String> addresses = addresses("follows", 2);
        awaitHolders(addresses, "node2");
        lab.apply(POD.formatted("follows-3", "follows", "node3"));
        lab.lab("delete", "pod", "follows-2").succeeded();
        awaitHolders(addresses, "node3");
        for (String address : addresses) {
            awaitReachable(address);
            Matcher client = Pattern.compile("\"client\":\"([^\"]+)\"")
                    .matcher(lab.onNode("outside", "curl -gsf -m 2 " + url(address))
                            .succeeded()
                            .output());
            assertThat(client.find()).isTrue();
            assertThat(client.group(1)).matches("203\\.0\\.113\\..*|2001:db8:.*");
        }
    }

    /** Sent on, the packet would come back to the node that announces the address. curl exits with 7 if it is refused, and with 28 if nobody answers. */
    @Test
    void anotherPortOfAnAddressIsRefused() throws Exception {
        lab.apply(POD.formatted("ports", "ports", "node1")
                + SERVICE.formatted("ports", "ipFamilyPolicy: RequireDualStack", "ports", "lab"));
        for (String address : addresses("ports", 2)) {
            awaitReachable(address);
            String other = url(address).replaceFirst("/$", ":81/");
            assertThat(lab.onNode("outside", "curl -gs -m 2 " + other).status())
                    .as(other)
                    .isEqualTo(7);
        }
    }

    private static void awaitHolders(List<String> addresses, String node) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos(); ; ) {
            Map<String, String> holders = segment.holders(addresses);
            if (holders.size() == addresses.size()
                    && new TreeSet<>(holders.values()).equals(new TreeSet<>(List.of(node)))) {
                return;
            }
            assertThat(System.nanoTime()).as("%s", holders).isLessThan(end);
        }
    }
}
