package fyr.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.testkit.RandomHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever other objects say, the kernel accepts the whole plan that is made from them: an object with false values does not affect the
 * others.
 */
class HostileClusterKernelIT {

    private static final int STEPS = 250;
    private static final Node SELF = new Node(
            RandomHistory.SELF,
            2,
            List.of(IpAddress.parse("172.18.0.10"), IpAddress.parse("fd00:18::10")),
            List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:10:244:1::/64")));
    private static final HostLink UPLINK =
            new HostLink("up0", 1500, List.of(Prefix.parse("172.18.0.0/24"), Prefix.parse("fd00:18::/64")));

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own links must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @CsvSource({"1,AUTO", "2,VXLAN", "3,AUTO", "4,DIRECT"})
    void theKernelTakesEveryPlan(long seed, Overlay overlay) {
        List<String> refused = NetworkNamespace.callInNew(() -> {
            node();
            return follow(new RandomHistory(new Random(seed), SELF, true), overlay);
        });
        assertThat(refused).isEmpty();
    }

    private static List<String> follow(RandomHistory history, Overlay overlay) {
        NodeIdentity identity = new NodeIdentity(
                RandomHistory.SELF, UPLINK, overlay, List.of(IpAddress.parse("10.96.0.10")), List.of());
        List<String> refused = new ArrayList<>();
        Optional<NodePlan> previous = Optional.empty();
        try (LinuxKernel kernel = LinuxKernel.open()) {
            NodeReconciler reconciler = new NodeReconciler(kernel, observation -> {
                if (observation instanceof Observation.ApplyFailed failed) {
                    refused.add(failed.text());
                }
            });
            for (int step = 0; step < STEPS && refused.isEmpty(); step++) {
                history.step();
                NodePlan plan = Compiler.compile(
                        NodeInputs.of(identity).with(history.snapshot()).withAttachments(history.attachments()),
                        previous);
                reconciler.reconcile(plan.kernel());
                previous = Optional.of(plan);
            }
        }
        return refused;
    }

    /** An uplink, and a link for each pod that may be attached. */
    private static void node() {
        sh("ip link set lo up && ip link add up0 type veth peer name up1 && ip link set up0 up && ip link set up1 up"
                + " && ip addr add 172.18.0.10/24 dev up0 && ip addr add fd00:18::10/64 dev up0 nodad");
        for (int pod = 0; pod < 6; pod++) {
            sh("ip link add fyr" + pod + " type veth peer name pod" + pod + " && ip link set fyr" + pod
                    + " up && ip link set pod" + pod + " up");
        }
    }

    private static void sh(String script) {
        try {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as("%s: %s", script, output).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(script, e);
        }
    }
}
