package fyr.testkit.contract;

import static fyr.kernel.Tables.SYSCTLS;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.model.address.Family;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of settings does. */
public abstract class SysctlTableContract extends KernelContract {

    private static final SysctlKey FORWARDING = new SysctlKey("net/ipv4/ip_forward");
    private static final SysctlKey UNKNOWN = new SysctlKey("net/ipv4/no_such");
    private static final SysctlKey OF_TUNNEL = SysctlKey.ofLink(Family.IPV4, TUNNEL4, "arp_ignore");
    private static final SysctlKey OF_ABSENT = SysctlKey.ofLink(Family.IPV6, ABSENT, "accept_ra");

    @Test
    void whatWasWrittenIsListedUntilItIsForgotten() {
        assertThat(list(SYSCTLS)).isEmpty();
        put(SYSCTLS, Map.of(FORWARDING, "1", OF_TUNNEL, "8"));
        put(SYSCTLS, Map.of(OF_TUNNEL, "1"));
        assertThat(list(SYSCTLS)).isEqualTo(Map.of(FORWARDING, "1", OF_TUNNEL, "1"));
        remove(SYSCTLS, Set.of(FORWARDING, UNKNOWN));
        assertThat(list(SYSCTLS)).containsOnlyKeys(OF_TUNNEL);
    }

    @Test
    void anUnknownSettingHoldsBackNoOther() {
        assertThat(refusal(() -> put(SYSCTLS, Map.of(UNKNOWN, "1", OF_TUNNEL, "0"))))
                .contains(Errno.ENOENT);
        assertThat(list(SYSCTLS)).isEqualTo(Map.of(OF_TUNNEL, "0"));
    }

    @Test
    void aWrongValueIsRefused() {
        assertThat(refusal(() -> put(SYSCTLS, Map.of(FORWARDING, "yes")))).contains(Errno.EINVAL);
        assertThat(list(SYSCTLS)).doesNotContainValue("yes");
    }

    /** There is nothing that it could be wrong for. */
    @Test
    void aSettingOfAnAbsentLinkCountsAsRight() {
        assertThat(refusal(() -> put(SYSCTLS, Map.of(OF_ABSENT, "0")))).isEmpty();
        assertThat(list(SYSCTLS)).isEqualTo(Map.of(OF_ABSENT, "0"));
    }

    @Test
    void settingsOfALinkGoWithIt() {
        put(SYSCTLS, Map.of(OF_TUNNEL, "1"));
        remove(Tables.LINKS, Set.of(TUNNEL4));
        assertThat(list(SYSCTLS)).as("moot").isEqualTo(Map.of(OF_TUNNEL, "1"));
        put(Tables.LINKS, Map.of(TUNNEL4, LINK4));
        assertThat(list(SYSCTLS)).as("as a new tunnel has it").isEqualTo(Map.of(OF_TUNNEL, "8"));
    }

    @Test
    void aLinkThatOthersMakeAnewHasWhatTheKernelGivesIt() {
        SysctlKey disabled = SysctlKey.ofLink(Family.IPV6, "fyr0a1b", "disable_ipv6");
        others().addLink("fyr0a1b");
        put(SYSCTLS, Map.of(disabled, "1"));
        others().deleteLink("fyr0a1b");
        assertThat(list(SYSCTLS)).isEqualTo(Map.of(disabled, "1"));
        others().addLink("fyr0a1b");
        assertThat(list(SYSCTLS)).isEqualTo(Map.of(disabled, "0"));
    }
}
