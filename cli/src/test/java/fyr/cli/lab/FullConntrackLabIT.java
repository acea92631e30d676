package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A pod fills the connection tracking table of its node. The limit is that of the machine, because a namespace cannot lower it; {@code
 * conntrack} fills what the pod leaves with entries that the kernel does not evict.
 */
class FullConntrackLabIT {

    private static final List<String> DNS = List.of("10.96.0.10", "fd00:10:96::a");
    private static final Pattern ALARM = Pattern.compile("the connection tracking table is ([0-9]+) % full .*");
    private static final int PACKETS_A_SECOND = 30_000;

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("fullct", "--nodes", "2");
        lab.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: flooder}
                spec: {nodeName: node1, containers: [{name: c, image: any}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: talker}
                spec: {nodeName: node1, containers: [{name: c, image: any}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web, labels: {app: web}}
                spec: {nodeName: node2, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
                """);
        lab.eventually("talker", "curl -sfm 2 http://web/");
        lab.eventually("flooder", "curl -sfm 2 http://web/");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String resolves(String options) {
        StringBuilder script = new StringBuilder();
        for (String server : DNS) {
            script.append("dig +short +time=2 +tries=1 %s @%s web.default.svc.cluster.local | grep . && "
                    .formatted(options, server));
        }
        return script + "true";
    }

    private static long number(String path) throws Exception {
        return Long.parseLong(lab.onNode("node1", "cat /proc/sys/net/netfilter/" + path)
                .succeeded()
                .output()
                .strip());
    }

    /**
     * Replaces what the pod has opened, which the kernel would evict for others, by connections that both sides have confirmed. A connection
     * that goes on is entered again before.
     */
    private static void fillWithWhatStays(String source, long max) throws Exception {
        lab.onNode(
                        "node1",
                        "conntrack -F >/dev/null 2>&1; sleep 1; awk 'BEGIN { for (i = 0; i < " + max
                                + "; i++) { s = i % 60000 + 1000; d = int(i / 60000) + 2000; printf \"-A -p tcp -s "
                                + source + " -d 192.0.2.1 -r 192.0.2.1 -q " + source
                                + " --orig-port-src %d --orig-port-dst %d --reply-port-src %d --reply-port-dst %d"
                                + " --state ESTABLISHED --status SEEN_REPLY,ASSURED --timeout 600\\n\", s, d, d, s } }'"
                                + " > " + lab.files() + "/entries; conntrack -R " + lab.files()
                                + "/entries >/dev/null 2>&1; true")
                .succeeded();
    }

    @Test
    void theAlarmComesFirstAndNamesThePodAndServicesAndDnsGoOn() throws Exception {
        assertThat(lab.onNode("node1", "conntrack -F; sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600")
                        .status())
                .isZero();
        lab.inPod("talker", resolves("") + " && " + resolves("+tcp")).succeeded();
        lab.onNode("node1", resolves("") + " && " + resolves("+tcp")).succeeded();
        String tracked = lab.onNode("node1", "conntrack -L 2>/dev/null; conntrack -L -f ipv6 2>/dev/null; true")
                .output();
        assertThat(tracked).doesNotContain(DNS.getFirst() + " ").doesNotContain("fd00:10:96::a ");

        Path end = lab.files().resolve("end-of-talk");
        String web = lab.find(
                "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "web", "-n", "default", "-o", "json"));
        Process talk = PodProgram.start(lab, "talker", Talk.class, "tcp", web, 80, end);
        String pod =
                lab.find("\"podIP\" *: *\"([^\"]+)\"", lab.lab("get", "pods", "web", "-n", "default", "-o", "json"));
        String own = lab.find(
                "\"podIP\" *: *\"([^\"]+)\"", lab.lab("get", "pods", "flooder", "-n", "default", "-o", "json"));
        try {
            long max = number("nf_conntrack_max");
            TestLab.Result flood = TestLab.finish(
                    PodProgram.start(lab, "flooder", Flood.class, pod, max + max / 50, PACKETS_A_SECOND));
            System.out.println("flood: " + flood.output().strip());
            theAlarmNamesThePod();
            fillWithWhatStays(own, max);
            assertThat(number("nf_conntrack_count")).as("full").isGreaterThanOrEqualTo(max - 10);
            assertThat(lab.inPod("talker", "curl -sm 3 http://" + web + "/").status())
                    .as("what a full table means: no new connection")
                    .isEqualTo(28);
            lab.inPod("talker", resolves("") + " && " + resolves("+tcp")).succeeded();
            lab.onNode("node1", resolves("") + " && " + resolves("+tcp")).succeeded();
        } finally {
            Files.writeString(end, "");
        }
        TestLab.Result talked = TestLab.finish(talk);
        System.out.println("the established connection: " + talked.output().strip());
        assertThat(talked.output()).contains("last=web").doesNotContain("Exception");
        lab.onNode("node1", "conntrack -F").succeeded();
        awaitLog("is only 0 % full again");
    }

    private static void theAlarmNamesThePod() throws Exception {
        Matcher first = ALARM.matcher(lab.log("node1"));
        assertThat(first.find()).as(lab.log("node1")).isTrue();
        System.out.println("first alarm: " + first.group());
        assertThat(Integer.parseInt(first.group(1))).isBetween(75, 95);
        assertThat(first.group()).contains("connections from Pod default/flooder");
        int full = lab.log("node1").indexOf("the connection tracking table is full (");
        assertThat(full < 0 || lab.log("node1").indexOf(first.group()) < full)
                .as(lab.log("node1"))
                .isTrue();
        assertThat(lab.onNode("node1", "curl -s http://127.0.0.1:9099/metrics").output())
                .contains("fyr_conntrack_share_ratio{direction=\"from\",kind=\"Pod\",name=\"default/flooder\"} ");
        assertThat(TestLab.fyr("status", "--lab", lab.name(), "--node", "node1").output())
                .contains("connections", "Pod default/flooder");
        for (int attempt = 0; ; attempt++) {
            String events = lab.lab("get", "events", "-n", "default", "-o", "json")
                    .output()
                    .replaceAll("\\s", "");
            if (events.contains("\"reason\":\"ConntrackFilling\"") && events.contains("\"name\":\"flooder\"")) {
                return;
            }
            assertThat(attempt).as(events).isLessThan(60);
            Thread.sleep(500);
        }
    }

    private static void awaitLog(String words) throws Exception {
        for (int attempt = 0; !lab.log("node1").contains(words); attempt++) {
            assertThat(attempt).as(lab.log("node1")).isLessThan(100);
            Thread.sleep(100);
        }
    }
}
