package fyr.compiler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.feature.ArpAnswers;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.LinuxKernel;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A neighbour asks for an address that another link of the node has, as kube-proxy leaves it; its kernel's table is the witness. */
class StrictArpKernelIT {

    private static final String MAC = "02:00:00:00:00:77";

    @BeforeEach
    void twoMachines() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh("ip netns add asking; ip link add up+link address " + MAC + " type veth peer name eth0 netns asking;"
                + " ip addr add 192.0.2.2/24 dev up+link; ip link set up+link up;"
                + " ip link add other0 type veth peer name other1; ip addr add 192.0.2.77/32 dev other0; ip link set other0 up;"
                + " ip -n asking addr add 192.0.2.1/24 dev eth0; ip -n asking link set eth0 up");
    }

    @AfterEach
    void end() throws Exception {
        sh(
                "ip link del up+link; ip link del other0; ip netns del asking;"
                        + " echo 0 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 0 > /proc/sys/net/ipv4/conf/all/arp_announce");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkAnswersForTheAddressOfAnotherUnlessItIsStrict(ArpAnswers answers) throws Exception {
        NodeIdentity node = new NodeIdentity(
                        "node1",
                        new HostLink("up+link", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
                        NodeIdentity.Overlay.AUTO,
                        List.of(),
                        List.of())
                .withArp(answers);
        PersistentMap<SysctlKey, String> wanted =
                PersistentMap.of(Compiler.compile(NodeInputs.of(node), Optional.empty())
                        .kernel()
                        .table(Tables.SYSCTLS)
                        .sorted(key -> key.path().contains("/arp_")));
        try (LinuxKernel kernel = LinuxKernel.open()) {
            kernel.table(Tables.SYSCTLS).apply(Delta.between(Map.of(), wanted));
        }
        assertThat(asked("192.0.2.2")).contains(MAC);
        if (answers == ArpAnswers.AS_IT_IS) {
            assertThat(asked("192.0.2.77")).contains(MAC);
        } else {
            assertThat(asked("192.0.2.77")).doesNotContain(MAC);
        }
    }

    private static String asked(String address) throws Exception {
        return sh("ip netns exec asking bash -c 'for i in 1 2 3; do echo > /dev/udp/" + address
                + "/9; sleep 0.1; done' 2>&1; ip -n asking neigh show to " + address);
    }

    private static String sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output;
    }
}
