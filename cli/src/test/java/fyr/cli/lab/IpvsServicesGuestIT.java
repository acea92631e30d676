package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Services of a lab in mode ipvs; its nodes are in two subnets, so that endpoints of the other node are behind the tunnel. */
class IpvsServicesGuestIT extends ServicesOfALab {

    private static final int TIMED_OUT = 28; // of curl
    private static final int REFUSED = 7;

    private static final String POLICY = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress: [{from: [{podSelector: {matchLabels: {app: alone}}}]}]
            """;

    IpvsServicesGuestIT() {
        super("ipvs", 2, 8); // the endpoints take turns
    }

    @Test
    void virtualServersAreAtVirtualAddressesAndMapsOfEndpointsAreAbsent() throws Exception {
        String web = virtual("web", Family.IPV4).replaceAll("http://|/", "");
        assertThat(lab().onNode("node1", "ipvsadm -Ln").succeeded().output())
                .contains("TCP  " + web + " rr")
                .doesNotContain(":30080");
        assertThat(lab().onNode("node1", "ip route show table local type local proto 171")
                        .succeeded()
                        .output())
                .contains(web.replace(":80", "") + " ");
        assertThat(lab().onNode("node1", "nft list table ip fyr; nft list table ip6 fyr")
                        .succeeded()
                        .output())
                .contains("map services-servers ")
                .doesNotContain("map backends ", "map affinity ");
    }

    /** The exit codes of one connection in each family. */
    private String curls(String options, int port) throws Exception {
        return "for u in " + virtual("web", Family.IPV4).replace(":80/", ":" + port + "/") + " "
                + virtual("web", Family.IPV6).replace(":80/", ":" + port + "/") + "; do curl -g -o /dev/null " + options
                + " $u; echo -n \"$? \"; done";
    }

    @Test
    void policiesHoldForConnectionsThroughVirtualServers() throws Exception {
        Path policy = Files.writeString(lab().files().resolve("policy.yaml"), POLICY);
        lab().lab("apply", "-f", policy.toString()).succeeded();
        try {
            lab().eventually("client", "! curl -gsm 1 " + virtual("web", Family.IPV4));
            assertThat(lab().inPod("client", curls("-sm 2", 80)).output())
                    .as("not selected")
                    .isEqualTo("28 28 ");
            assertThat(lab().inPod("alone", curls("-sfm 5", 80)).output())
                    .as("selected")
                    .isEqualTo("0 0 ");
            assertThat(lab().onNode("outside", "curl -gsm 2 " + node(1, 30080, Family.IPV4))
                            .status())
                    .as("through a node port")
                    .isEqualTo(TIMED_OUT);
            assertThat(lab().inPod(
                                    "one",
                                    "for i in 1 2 3 4; do curl -gsm 1 " + virtual("web", Family.IPV6) + "; echo; done")
                            .output())
                    .as("itself")
                    .contains("\"pod\":\"one\"");
        } finally {
            lab().lab("delete", "-f", policy.toString()).succeeded();
        }
        lab().eventually("client", "curl -gsfm 2 " + virtual("web", Family.IPV4));
    }

    @Test
    void aListenerOfTheNodeIsNotReachedAtAVirtualAddress() throws Exception {
        Process listener =
                lab().start("exec", "--node", "node1", "--", "timeout", "120", "busybox", "httpd", "-fp", "9999");
        try {
            lab().eventuallyOnNode("node1", "curl -gso /dev/null " + node(1, 9999, Family.IPV6));
            assertThat(lab().inPod("client", curls("-sm 5", 9999)).output()).isEqualTo("7 7 ");
            assertThat(lab().onNode("node1", curls("-sm 5", 9999)).output()).isEqualTo("7 7 ");
            assertThat(lab().inPod("client", curls("-sm 5", 30_080)).output())
                    .as("a node port of the address")
                    .isEqualTo("7 7 ");
        } finally {
            lab().onNode("node1", "kill $(pidof busybox)");
            TestLab.finish(listener);
        }
    }

    @Test
    void anEndpointThatLeavesKeepsItsConnectionsAndTakesNoOthers() throws Exception {
        String address = virtual("web", Family.IPV4).replaceAll("http://|:80/", "");
        Path end = lab().files().resolve("talk.end");
        Process talk = PodProgram.start(lab(), "client", Talk.class, "tcp", address, 80, end);
        lab().eventuallyOnNode("node1", "ipvsadm -Lcn | grep -q 'ESTABLISHED.*" + address + ":80 '");
        String chosen = lab().find(
                        "ESTABLISHED \\S+ +" + address.replace(".", "\\.") + ":80 +(\\S+):8080",
                        lab().onNode("node1", "ipvsadm -Lcn"));
        String pod = addresses("one").contains(chosen) ? "one" : "two";
        String other = pod.equals("one") ? "two" : "one";
        lab().lab("unready", pod, "-n", "default").succeeded();
        lab().eventuallyOnNode(
                        "node1", "ipvsadm -Ln -t " + address + ":80 | grep -q '" + chosen + ":8080 *Masq *0 *1 '");
        assertThat(heard(lab().inPod("client", requests(virtual("web", Family.IPV4))))
                        .pods())
                .containsExactly(other);
        Files.createFile(end);
        TestLab.Result talked = TestLab.finish(talk).succeeded();
        assertThat(talked.output()).contains("last=" + pod).doesNotContain("Exception");
        lab().lab("ready", pod, "-n", "default").succeeded();
        lab().eventuallyOnNode("node1", "ipvsadm -Ln -t " + address + ":80 | grep -q '" + chosen + ":8080 *Masq *1 '");
    }

    /** Somebody removes one, and the agent does not look for it at once. */
    @Test
    void aVirtualServerThatIsMissingLeadsToNoListenerOfTheNode() throws Exception {
        String web = virtual("web", Family.IPV4).replaceAll("http://|/", "");
        Process listener =
                lab().start("exec", "--node", "node1", "--", "timeout", "120", "busybox", "httpd", "-fp", "80");
        try {
            lab().eventuallyOnNode("node1", "curl -gso /dev/null " + node(1, 80, Family.IPV4));
            assertThat(lab().onNode("node1", "ipvsadm -D -t " + web + "; curl -sm 5 " + web)
                            .status())
                    .as("from the node")
                    .isEqualTo(REFUSED);
            assertThat(lab().inPod("client", "curl -sm 5 " + web).status()).isEqualTo(REFUSED);
        } finally {
            lab().onNode("node1", "kill $(pidof busybox)");
            TestLab.finish(listener);
            lab().lab("agent", "restart", "node1").succeeded();
        }
        lab().eventually("client", "curl -gsfm 1 http://" + web + "/");
    }

    @Test
    void whatOthersRemoveComesBack() throws Exception {
        String web = virtual("web", Family.IPV4);
        lab().onNode("node1", "ipvsadm -C").succeeded();
        lab().eventually("client", "curl -gsfm 1 " + web);
        lab().onNode(
                        "node1",
                        "ip route flush table local type local proto 171; ip -6 route flush table local type local proto 171")
                .succeeded();
        lab().eventually("client", "curl -gsfm 1 " + web);
        lab().eventually("client", "curl -gsfm 1 " + virtual("web", Family.IPV6));
    }
}
