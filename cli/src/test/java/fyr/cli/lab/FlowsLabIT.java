package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections that lead nowhere, and connections that outlive their pods and endpoints. Clients are {@code curl} and a shell; {@code
 * conntrack} shows what the nodes' kernels track.
 */
class FlowsLabIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, labels: {%2$s}}
            spec: {nodeName: %3$s, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec: {type: NodePort, ipFamilyPolicy: PreferDualStack, selector: {app: %1$s}, ports: [{port: 80, targetPort: 8080}]}
            ---
            """;

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("flows", "--nodes", "2", "--subnets", "2");
        lab.apply(POD.formatted("client", "role: client", "node1")
                + SERVICE.formatted("empty")
                + SERVICE.formatted("slow-ipv4")
                + SERVICE.formatted("slow-ipv6"));
        lab.eventually("client", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String field(String pattern, String kind, String name) throws Exception {
        return lab.find(pattern, lab.lab("get", kind, name, "-n", "default", "-o", "json"));
    }

    private static String awaitAddress(String pod) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            String json =
                    lab.lab("get", "pods", pod, "-n", "default", "-o", "json").output();
            if (json.contains("\"podIP\"")) {
                return field("\"podIP\" *: *\"([^\"]+)\"", "pods", pod);
            }
            assertThat(System.nanoTime()).as(json).isLessThan(end);
        }
    }

    /** The exit codes of curl, so many times one after another: 7 is refused, 28 is a timeout. */
    private static String curls(int times, String url) {
        return "for i in $(seq " + times + "); do curl -gs -m 3 -o /dev/null '" + url
                + "'; echo $?; done | sort | uniq -c | tr -s ' '";
    }

    @Test
    void aServiceWithoutEndpointsRefusesEveryConnection() throws Exception {
        String json = lab.lab("get", "services", "empty", "-n", "default", "-o", "json")
                .output();
        String addresses = json.replaceAll("(?s).*\"clusterIPs\" *: *\\[([^\\]]*)\\].*", "$1")
                .replaceAll("[\\s\"]", "");
        assertThat(addresses.split(",")).as(json).hasSize(2);
        String nodePort = field("\"nodePort\" *: *([0-9]+)", "services", "empty");
        String node = field("\"address\" *: *\"([0-9.]+)\"", "nodes", "node1");
        for (String address : addresses.split(",")) {
            String url = "http://" + (address.contains(":") ? "[" + address + "]" : address) + "/";
            assertThat(lab.inPod("client", curls(120, url)).succeeded().output().strip())
                    .as(url)
                    .isEqualTo("120 7");
            assertThat(lab.onNode("node1", curls(40, url)).succeeded().output().strip())
                    .as(url)
                    .isEqualTo("40 7");
        }
        String url = "http://" + node + ":" + nodePort + "/";
        assertThat(lab.inPod("client", curls(120, url)).succeeded().output().strip())
                .as(url)
                .isEqualTo("120 7");
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionToAnEndpointThatLeftBeforeItAnsweredGoesToAnother(Family family) throws Exception {
        String app = "slow-" + family.name().toLowerCase(Locale.ROOT);
        String mute = "mute-" + app;
        lab.apply(POD.formatted(mute, "app: " + app, "node2"));
        String address = address("pods", mute, "podIPs", family);
        String service = url(address("services", app, "clusterIPs", family));
        lab.eventually("client", "curl -gsfm 2 " + service);
        lab.inPod(
                        mute,
                        "nft 'add table inet mute; add chain inet mute in { type filter hook input priority 0; };"
                                + " add rule inet mute in tcp flags & (syn | ack) == syn drop'")
                .succeeded();
        Process waiting = lab.start(
                "exec", "client", "--", "sh", "-c", "curl -gs -m 30 -w ' %{http_code} %{time_connect}' " + service);
        // Without -f, conntrack lists both families.
        String unanswered = "conntrack -L -f " + family.name().toLowerCase(Locale.ROOT)
                + " -p tcp 2>/dev/null | grep SYN_SENT | grep -Fwe src=" + address;
        awaitOnNode1(unanswered);
        lab.apply(POD.formatted("other-" + app, "app: " + app, "node2"));
        awaitAddress("other-" + app);
        Process removal = lab.start("exec", "--node", "node1", "--", "sh", "-c", removal(family, address, unanswered));
        lab.apply(POD.formatted(mute, "app: none", "node2"));
        assertThat(Integer.parseInt(TestLab.finish(removal).succeeded().output().strip()))
                .as("milliseconds from the new rules to the removal of the entry")
                .isLessThan(1_000);
        TestLab.Result served = TestLab.finish(waiting);
        assertThat(served.output()).contains(" 200 ").contains("other-" + app);
    }

    /** Prints how long an entry was there after the endpoint had left the rules. */
    private static String removal(Family family, String endpoint, String unanswered) {
        String table = family == Family.IPV4 ? "ip" : "ip6";
        return "now() { date +%s%3N; }; while nft list map " + table + " fyr backends | grep -qF '" + endpoint
                + " '; do sleep 0.02; done; left=$(now); for i in $(seq 500); do " + unanswered
                + " >/dev/null || { echo $(($(now) - left)); exit 0; }; sleep 0.01; done; exit 1";
    }

    /** The address of a family in a list of an object in the namespace default, which is awaited. */
    private static String address(String kind, String name, String list, Family family) throws Exception {
        String shape = family == Family.IPV4 ? "[0-9.]+" : "[0-9a-f]*:[0-9a-f:]+";
        Pattern pattern = Pattern.compile("\"" + list + "\" *: *\\[[^\\]]*?\"(" + shape + ")\"");
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
            String json =
                    lab.lab("get", kind, name, "-n", "default", "-o", "json").output();
            Matcher found = pattern.matcher(json);
            if (found.find()) {
                return found.group(1);
            }
            assertThat(System.nanoTime()).as(json).isLessThan(end);
        }
    }

    private static String url(String address) {
        return "'http://" + (address.contains(":") ? "[" + address + "]" : address) + "/'";
    }

    private static void awaitOnNode1(String script) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos(); ; Thread.sleep(50)) {
            TestLab.Result result = lab.onNode("node1", script);
            if (result.status() == 0) {
                return;
            }
            assertThat(System.nanoTime()).as(script + ": " + result).isLessThan(end);
        }
    }

    /** What the kernel of node2 tracks of an address. */
    private static String tracked(String address) throws Exception {
        String list = address.contains(":") ? "conntrack -L -f ipv6" : "conntrack -L";
        return lab.onNode("node2", list + " 2>/dev/null | grep -Fw '" + address + "' || true")
                .succeeded()
                .output();
    }

    @Test
    void noFlowOutlivesItsPodAndNoAddressComesBackSoon() throws Exception {
        lab.apply(POD.formatted("first", "app: first", "node2"));
        String first = awaitAddress("first");
        lab.eventually("client", "curl -sfm 2 http://" + first + ":8080/");
        assertThat(tracked(first)).contains("dport=8080");
        lab.lab("delete", "pod", "first", "-n", "default").succeeded();
        awaitOnNode2Without(first);

        // The entries that a client would leave that continues to send: to every address that the next pod may get.
        String prefix = first.substring(0, first.lastIndexOf('.') + 1);
        lab.onNode(
                        "node2",
                        "for i in $(seq 2 60); do conntrack -I -s 192.0.2.77 -d " + prefix + "$i -r " + prefix
                                + "$i -q 192.0.2.77 --timeout 600 -p udp --orig-port-src 7 --orig-port-dst 9"
                                + " --reply-port-src 9 --reply-port-dst 7 --status SEEN_REPLY,ASSURED 2>/dev/null; done; true")
                .succeeded();
        assertThat(tracked(first)).contains("ASSURED");
        lab.onNode(
                        "node2",
                        "for i in $(seq 1 60); do a=fd00:10:244:2::$(printf %x $i); conntrack -I -s 2001:db8::77 -d $a -r $a"
                                + " -q 2001:db8::77 --timeout 600 -p udp --orig-port-src 7 --orig-port-dst 9"
                                + " --reply-port-src 9 --reply-port-dst 7 --status SEEN_REPLY,ASSURED 2>/dev/null; done; true")
                .succeeded();
        lab.lab("agent", "kill", "node2").succeeded();
        lab.lab("agent", "start", "node2").succeeded();
        lab.apply(POD.formatted("second", "app: second", "node2"));
        String second = awaitAddress("second");
        assertThat(second).isNotEqualTo(first);
        assertThat(tracked(second)).doesNotContain("192.0.2.77");
        assertThat(tracked(first)).as("nobody's now").contains("192.0.2.77");
        String second6 = lab.find(
                "inet6 (fd00:10:244:2:[0-9a-f:]+)/128",
                lab.inPod("second", "ip -6 addr show dev eth0").succeeded());
        assertThat(tracked(second6)).doesNotContain("2001:db8::77");
        assertThat(tracked("fd00:10:244:2::3c")).as("nobody's").contains("2001:db8::77");

        assertThat(lab.onNode("node2", "curl -sf http://127.0.0.1:9099/metrics")
                        .succeeded()
                        .output())
                .contains(
                        "fyr_conntrack_entries ",
                        "fyr_conntrack_max ",
                        "fyr_conntrack_insert_failed_total ",
                        "fyr_conntrack_drop_total ",
                        "fyr_conntrack_early_drop_total ");
    }

    private static void awaitOnNode2Without(String address) throws Exception {
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                !tracked(address).isEmpty();
                Thread.sleep(100)) {
            assertThat(System.nanoTime()).as(tracked(address)).isLessThan(end);
        }
    }
}
