package fyr.compiler.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the options for connection tracking put into a plan. */
class ConntrackPlanTest {

    @Test
    void withoutOptionsThereIsNothing() {
        assertThat(ConntrackPlan.of(ConntrackOptions.USUAL)
                        .table(Tables.SYSCTLS)
                        .isEmpty())
                .isTrue();
        assertThat(ConntrackPlan.of(ConntrackOptions.USUAL).table(Tables.NFT).isEmpty())
                .isTrue();
    }

    @Test
    void timesBecomeSettingsInSecondsAndZeroBecomesNone() {
        ConntrackOptions options = new ConntrackOptions(
                OptionalInt.of(1_000),
                new ConntrackOptions.Timeouts(
                        Duration.ofHours(24), Duration.ZERO, Duration.ofMillis(30_500), Duration.ofMillis(900)));
        assertThat(ConntrackPlan.of(options).table(Tables.SYSCTLS).sorted())
                .isEqualTo(Map.of(
                        new SysctlKey("net/netfilter/nf_conntrack_tcp_timeout_established"), "86400",
                        new SysctlKey("net/netfilter/nf_conntrack_udp_timeout"), "30"));
        assertThat(ConntrackPlan.of(options).table(Tables.NFT).size())
                .as("a chain and a meter of each family")
                .isEqualTo(4);
    }
}
