package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of cases with real packets through iptables, in both implementations. */
@SuppressWarnings("try") // a test may be interrupted while it closes
class IptablesServiceCasesKernelIT {

    /** Each change of a plan starts programs, which wait for the processor on a busy machine. */
    private static final int MINUTES = 15;

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    @Timeout(
            value = MINUTES,
            unit = java.util.concurrent.TimeUnit.MINUTES,
            threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packetsGoWhereTheTableSays(String implementation) throws Exception {
        try (ServiceCasePackets packets = new ServiceCasePackets(() -> new PlannedNode(BackEnd.IPTABLES))) {
            // As the kubelet tells others which implementation the machine uses.
            PacketWorld.sh("iptables-" + implementation + " -w 5 -t mangle -N KUBE-IPTABLES-HINT");
            assertThat(packets.deviations()).isEmpty();
        } finally {
            PacketWorld.sh("iptables-" + implementation + " -w 5 -t mangle -X KUBE-IPTABLES-HINT || true;"
                    + " for i in iptables ip6tables; do for t in nat filter; do"
                    + " $i-legacy -w 5 -t $t -F; $i-legacy -w 5 -t $t -X; done; done");
        }
    }
}
