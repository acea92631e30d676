package fyr.compiler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.link.HostLink;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class IpvsTimeoutsTest {

    private static final ServiceOptions.Timeouts SOME =
            new ServiceOptions.Timeouts(Duration.ofHours(1), Duration.ofMillis(900), Duration.ofMillis(31_900));

    private static SortedMap<IpvsTimeout, Integer> planned(ServiceMode mode, ServiceOptions.Timeouts timeouts) {
        NodeIdentity node = new NodeIdentity(
                        "node1",
                        new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
                        Overlay.AUTO,
                        List.of(),
                        List.of())
                .withServices(ServiceOptions.USUAL.in(mode).with(timeouts));
        return Compiler.compile(NodeInputs.of(node), Optional.empty())
                .kernel()
                .table(Tables.IPVS_TIMEOUTS)
                .sorted();
    }

    @Test
    void wholeSecondsArePlannedAndZeroLeavesTheNodesOwn() {
        assertThat(planned(ServiceMode.IPVS, SOME)).isEqualTo(Map.of(IpvsTimeout.TCP, 3600, IpvsTimeout.UDP, 31));
        assertThat(planned(ServiceMode.IPVS, ServiceOptions.Timeouts.AS_THEY_ARE))
                .isEmpty();
    }

    @Test
    void nobodyElseHasTimeoutsOfIpvs() {
        assertThat(planned(ServiceMode.NFTABLES, SOME)).isEmpty();
        assertThat(planned(ServiceMode.IPTABLES, SOME)).isEmpty();
    }

    /** The kernel refuses it with its own words. */
    @Test
    void whatIsTooLongIsNotCutToSomethingShort() {
        assertThat(planned(
                        ServiceMode.IPVS,
                        new ServiceOptions.Timeouts(Duration.ofDays(100_000), Duration.ZERO, Duration.ZERO)))
                .isEqualTo(Map.of(IpvsTimeout.TCP, Integer.MAX_VALUE));
    }
}
