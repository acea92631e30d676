package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A running node changes from nftables to ipvs and back. */
class ServiceModeGuestIT {

    private static final String VIRTUAL_SERVERS = "ipvsadm -Ln; ip route show table local type local proto 171;"
            + " ip -6 route show table local type local proto 171; nft list table ip fyr";

    @Test
    void connectionsGoOnAndNothingOfTheOtherModeIsLeft() throws Exception {
        try (TestLab lab = TestLab.up("servicemode", "--nodes", "2")) {
            lab.apply(ServiceModeLabIT.OBJECTS);
            lab.eventually("client", "curl -sfm 2 http://web/");
            String address = lab.find(
                    "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "web", "-n", "default", "-o", "json"));
            Path end = lab.files().resolve("talk.end");
            Process talk = PodProgram.start(lab, "client", Talk.class, "tcp", address, 80, end);
            Process connections = lab.start(
                    "exec", "client", "--", "sh", "-c", ServiceModeLabIT.NEW_CONNECTIONS.formatted(40, address));
            Thread.sleep(2000);

            Path options = Files.writeString(
                    lab.files().resolve("nodes").resolve("node1").resolve("agent.options"), "--service-mode\nipvs\n");
            lab.lab("agent", "restart", "node1").succeeded();
            lab.eventuallyOnNode(
                    "node1", "ipvsadm -Ln | grep -q '" + address + ":80 ' && ! nft list table ip fyr | grep -q pick-");
            assertThat(lab.onNode("node1", VIRTUAL_SERVERS).succeeded().output())
                    .contains("local " + address + " ", "persistent 10800", "map services-servers ");

            Files.delete(options);
            lab.lab("agent", "kill", "node1").succeeded();
            lab.lab("agent", "start", "node1").succeeded();
            lab.eventuallyOnNode("node1", "nft list table ip fyr | grep -q pick- && ! ipvsadm -Ln | grep -q '^[TU]'");
            assertThat(lab.onNode("node1", VIRTUAL_SERVERS).succeeded().output())
                    .doesNotContain("local " + address, "TCP  ", "services-servers");

            assertThat(TestLab.finish(connections).succeeded().output())
                    .contains(" failed=0")
                    .doesNotContain("requests=0 ");
            Files.createFile(end);
            TestLab.Result talked = TestLab.finish(talk).succeeded();
            assertThat(talked.output()).contains("last=web").doesNotContain("Exception");
        }
    }
}
