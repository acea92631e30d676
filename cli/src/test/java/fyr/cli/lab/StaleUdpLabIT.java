package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that sends without pause, through one UDP socket, to a Service whose endpoint leaves. The endpoints go on answering, so that only
 * what the node does can turn the client away from them.
 */
class StaleUdpLabIT {

    /** Milliseconds. A second is promised and printed figures are far below; the rest is for a machine that is busy with other tests. */
    private static final long BOUND = 2_000;

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, labels: {app: %2$s}}
            spec: {nodeName: %3$s, containers: [{name: c, image: any, ports: [{containerPort: 9000, protocol: UDP}]}]}
            ---
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec: {ipFamilyPolicy: PreferDualStack, selector: {app: %1$s}, ports: [{port: 53, targetPort: 9000, protocol: UDP}]}
            ---
            """;

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("staleudp", "--nodes", "2");
        StringBuilder manifests = new StringBuilder(POD.formatted("client", "client", "node1"));
        for (String app : new String[] {"live-ipv4", "live-ipv6", "kill-ipv4", "kill-ipv6"}) {
            manifests.append(SERVICE.formatted(app));
            manifests.append(POD.formatted("old-" + app, app, "node2"));
            manifests.append(POD.formatted("new-" + app, "none", "node2"));
        }
        lab.apply(manifests.toString());
        lab.eventually("client", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

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

    /**
     * Prints when an endpoint left the packet rules, and when no tracked flow led to it any more, in milliseconds since 1970. The rules are
     * looked for in the whole table, so that it does not matter which back end wrote them where.
     *
     * <p>A flow leads to an endpoint if that is the source of its replies. An answer that was on its way when the flow was removed is tracked
     * as a flow of its own, from the endpoint: it leads nowhere, and ends by itself.
     */
    private static Process departure(Family family, String endpoint) throws Exception {
        String table = family == Family.IPV4 ? "ip" : "ip6";
        String word = endpoint.replace(".", "\\.");
        return lab.start(
                "exec",
                "--node",
                "node1",
                "--",
                "sh",
                "-c",
                "now() { date +%s%3N; }; rules() { nft list map " + table + " fyr backends | grep -qE '" + word
                        + " ?\\. ?9000'; }; until rules; do sleep 0.02; done; while rules; do sleep 0.02; done; echo left=$(now);"
                        + " for i in $(seq 500); do conntrack -L -f "
                        + family.name().toLowerCase(Locale.ROOT)
                        + " -p udp 2>/dev/null | grep -Eq ' src=.* src=" + word
                        + " ' || { echo gone=$(now); exit 0; }; sleep 0.02; done; conntrack -L 2>/dev/null; exit 1");
    }

    private static long number(String name, TestLab.Result result) {
        return Long.parseLong(lab.find("\\b" + name + "=([0-9]+)", result.succeeded()));
    }

    private static Process talk(String service, Family family, Path end) throws Exception {
        return PodProgram.start(
                lab, "client", Talk.class, "udp", address("services", service, "clusterIPs", family), 53, end);
    }

    private static void awaitTracked(Family family, String endpoint) throws Exception {
        lab.onNode(
                        "node1",
                        "for i in $(seq 300); do conntrack -L -f "
                                + family.name().toLowerCase(Locale.ROOT)
                                + " -p udp 2>/dev/null | grep -Fw src=" + endpoint
                                + " | grep -vq UNREPLIED && exit 0; sleep 0.1; done; exit 1")
                .succeeded();
    }

    /** First its only endpoint is replaced by another, then that one leaves too. */
    @ParameterizedTest
    @EnumSource
    void theClientIsAtTheNewEndpointWithinASecondAndRefusedWithinASecondOfTheLast(Family family) throws Exception {
        String app = "live-" + family.name().toLowerCase(Locale.ROOT);
        String first = address("pods", "old-" + app, "podIPs", family);
        String second = address("pods", "new-" + app, "podIPs", family);
        Path end = lab.files().resolve("end-" + app);
        Process talk = talk(app, family, end);
        TestLab.Result replaced;
        TestLab.Result emptied;
        try {
            awaitTracked(family, first);
            Process departure = departure(family, first);
            lab.apply(POD.formatted("new-" + app, app, "node2") + POD.formatted("old-" + app, "none", "node2"));
            replaced = TestLab.finish(departure);
            awaitTracked(family, second);
            Process last = departure(family, second);
            lab.apply(POD.formatted("new-" + app, "none", "node2"));
            emptied = TestLab.finish(last);
            Thread.sleep(1500);
        } finally {
            Files.writeString(end, "");
        }
        TestLab.Result talked = TestLab.finish(talk);
        System.out.println(app + ": " + talked.output().strip().replace("\n", "; ") + "; replaced: "
                + (number("gone", replaced) - number("left", replaced)) + " ms, emptied: "
                + (number("gone", emptied) - number("left", emptied)) + " ms");
        assertThat(number("gone", replaced) - number("left", replaced)).isLessThan(BOUND);
        assertThat(number("gone", emptied) - number("left", emptied)).isLessThan(BOUND);
        long refused = Long.parseLong(lab.find("([0-9]+) refused\nanswers", talked));
        assertThat(refused - number("left", emptied)).as("the ICMP error").isLessThan(BOUND);
        assertThat(number("longest", talked)).as("without an answer").isLessThan(BOUND);
        assertThat(talked.output()).contains(" new-" + app, "last=refused");
    }

    /** The flow begins while no agent runs, and so does the change: the agent finds both when it starts. */
    @ParameterizedTest
    @EnumSource
    void anAgentThatWasAwayFindsTheFlow(Family family) throws Exception {
        String app = "kill-" + family.name().toLowerCase(Locale.ROOT);
        String first = address("pods", "old-" + app, "podIPs", family);
        lab.onNode(
                        "node1",
                        "for i in $(seq 300); do nft list map " + (family == Family.IPV4 ? "ip" : "ip6")
                                + " fyr backends | grep -qE '" + first.replace(".", "\\.")
                                + " ?\\. ?9000' && exit 0; sleep 0.1; done; exit 1")
                .succeeded();
        lab.lab("agent", "kill", "node1").succeeded();
        Path end = lab.files().resolve("end-" + app);
        Process talk = talk(app, family, end);
        TestLab.Result replaced;
        try {
            awaitTracked(family, first);
            Process departure = departure(family, first);
            lab.apply(POD.formatted("new-" + app, app, "node2") + POD.formatted("old-" + app, "none", "node2"));
            lab.lab("agent", "start", "node1").succeeded();
            replaced = TestLab.finish(departure);
            awaitTracked(family, address("pods", "new-" + app, "podIPs", family));
        } finally {
            Files.writeString(end, "");
        }
        TestLab.Result talked = TestLab.finish(talk);
        System.out.println(app + ": " + talked.output().strip().replace("\n", "; ") + "; replaced: "
                + (number("gone", replaced) - number("left", replaced)) + " ms");
        assertThat(number("gone", replaced) - number("left", replaced)).isLessThan(BOUND);
        assertThat(number("longest", talked)).as("without an answer").isLessThan(BOUND);
        assertThat(talked.output()).contains("last=new-" + app);
    }
}
