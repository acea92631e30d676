package fyr.testkit.contract;

import static fyr.kernel.Tables.IPVS_TIMEOUTS;
import static fyr.kernel.Tables.REAL_SERVERS;
import static fyr.kernel.Tables.VIRTUAL_SERVERS;
import static fyr.kernel.ipvs.IpvsTimeout.TCP;
import static fyr.kernel.ipvs.IpvsTimeout.TCP_FIN;
import static fyr.kernel.ipvs.IpvsTimeout.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.model.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the tables of virtual servers, of real servers and of timeouts do. */
public abstract class IpvsTablesContract extends KernelContract {

    private static final VirtualServerKey TCP4 = new VirtualServerKey(Protocol.TCP, ip("10.96.0.10"), 80);
    private static final VirtualServerKey UDP4 = new VirtualServerKey(Protocol.UDP, ip("10.96.0.10"), 80);
    private static final VirtualServerKey TCP6 = new VirtualServerKey(Protocol.TCP, ip("fd00:96::10"), 443);
    private static final VirtualServer RR = new VirtualServer.Balanced(Scheduler.RR, OptionalInt.empty());
    private static final VirtualServer MH = new VirtualServer.Balanced(Scheduler.MH, OptionalInt.empty());
    private static final VirtualServer PERSISTENT = new VirtualServer.Balanced(Scheduler.WLC, OptionalInt.of(10_800));
    private static final RealServer ONE = new RealServer.Masqueraded(1);
    private static final RealServer THREE = new RealServer.Masqueraded(3);

    private static RealServerKey at(VirtualServerKey server, int host) {
        return new RealServerKey(
                server,
                server.address().toBytes().length == 4 ? ip("10.244.1." + host) : ip("fd00:244::" + host),
                8080);
    }

    @Test
    void virtualServersAreSetChangedAndRemoved() {
        put(VIRTUAL_SERVERS, Map.of(TCP4, RR, UDP4, MH, TCP6, PERSISTENT));
        assertThat(list(VIRTUAL_SERVERS)).isEqualTo(Map.of(TCP4, RR, UDP4, MH, TCP6, PERSISTENT));
        put(VIRTUAL_SERVERS, Map.of(TCP4, PERSISTENT, UDP4, RR, TCP6, MH));
        assertThat(list(VIRTUAL_SERVERS)).isEqualTo(Map.of(TCP4, PERSISTENT, UDP4, RR, TCP6, MH));
        remove(VIRTUAL_SERVERS, Set.of(TCP4, TCP6, new VirtualServerKey(Protocol.TCP, ip("10.96.0.99"), 1)));
        assertThat(list(VIRTUAL_SERVERS)).containsOnlyKeys(UDP4);
    }

    @Test
    void eachSchedulerIsKnown() {
        Map<VirtualServerKey, VirtualServer> all = new HashMap<>();
        for (Scheduler scheduler : Scheduler.values()) {
            all.put(
                    new VirtualServerKey(Protocol.SCTP, ip("10.96.0.11"), 1 + scheduler.ordinal()),
                    new VirtualServer.Balanced(scheduler, OptionalInt.empty()));
        }
        put(VIRTUAL_SERVERS, all);
        assertThat(list(VIRTUAL_SERVERS)).isEqualTo(all);
    }

    @Test
    void realServersAreSetChangedAndRemoved() {
        put(VIRTUAL_SERVERS, Map.of(TCP4, RR, UDP4, RR, TCP6, RR));
        put(REAL_SERVERS, Map.of(at(TCP4, 1), ONE, at(TCP4, 2), ONE, at(UDP4, 1), THREE, at(TCP6, 1), ONE));
        put(REAL_SERVERS, Map.of(at(TCP4, 1), THREE, at(TCP4, 3), ONE));
        assertThat(list(REAL_SERVERS))
                .isEqualTo(Map.of(
                        at(TCP4, 1), THREE, at(TCP4, 2), ONE, at(TCP4, 3), ONE, at(UDP4, 1), THREE, at(TCP6, 1), ONE));
        remove(REAL_SERVERS, Set.of(at(TCP4, 1), at(UDP4, 1), at(TCP4, 9)));
        assertThat(list(REAL_SERVERS)).containsOnlyKeys(at(TCP4, 2), at(TCP4, 3), at(TCP6, 1));
        put(REAL_SERVERS, Map.of(at(TCP4, 1), ONE));
        assertThat(list(REAL_SERVERS)).containsEntry(at(TCP4, 1), ONE);
    }

    @Test
    void aVirtualServerThatChangesKeepsItsRealServersAndOneThatGoesTakesThemAlong() {
        put(VIRTUAL_SERVERS, Map.of(TCP4, RR, UDP4, RR));
        put(REAL_SERVERS, Map.of(at(TCP4, 1), ONE, at(UDP4, 1), ONE));
        put(VIRTUAL_SERVERS, Map.of(TCP4, PERSISTENT));
        assertThat(list(REAL_SERVERS)).containsOnlyKeys(at(TCP4, 1), at(UDP4, 1));
        remove(VIRTUAL_SERVERS, Set.of(TCP4));
        assertThat(list(REAL_SERVERS)).containsOnlyKeys(at(UDP4, 1));
    }

    @Test
    void aRealServerWithoutItsVirtualServerHoldsBackNoOther() {
        put(VIRTUAL_SERVERS, Map.of(TCP4, RR));
        assertThat(refusal(() -> put(REAL_SERVERS, Map.of(at(UDP4, 1), ONE, at(TCP4, 1), ONE))))
                .contains(Errno.ESRCH);
        remove(REAL_SERVERS, Set.of(at(UDP4, 1)));
        assertThat(list(REAL_SERVERS)).containsOnlyKeys(at(TCP4, 1));
    }

    @Test
    void timeoutsThatWereSetAreListedUntilTheyAreForgotten() {
        assertThat(list(IPVS_TIMEOUTS)).isEmpty();
        put(IPVS_TIMEOUTS, Map.of(TCP, 901, UDP, 31));
        put(IPVS_TIMEOUTS, Map.of(TCP, 902));
        assertThat(list(IPVS_TIMEOUTS)).isEqualTo(Map.of(TCP, 902, UDP, 31));
        remove(IPVS_TIMEOUTS, Set.of(TCP, TCP_FIN));
        assertThat(list(IPVS_TIMEOUTS)).isEqualTo(Map.of(UDP, 31));
    }

    @Test
    void aTimeoutThatOthersSetIsSeenIfItIsOurs() {
        put(IPVS_TIMEOUTS, Map.of(TCP_FIN, 61));
        others().setTimeout(UDP, 32);
        assertThat(list(IPVS_TIMEOUTS)).isEqualTo(Map.of(TCP_FIN, 61));
        others().setTimeout(TCP_FIN, 62);
        assertThat(list(IPVS_TIMEOUTS)).isEqualTo(Map.of(TCP_FIN, 62));
    }

    @Test
    void aTimeoutThatIsTooLongHoldsBackNoOther() {
        assertThat(refusal(() -> put(IPVS_TIMEOUTS, Map.of(TCP, Integer.MAX_VALUE, UDP, 33))))
                .contains(Errno.EINVAL);
        assertThat(list(IPVS_TIMEOUTS)).containsEntry(UDP, 33);
        assertThat(list(IPVS_TIMEOUTS)).doesNotContainEntry(TCP, Integer.MAX_VALUE);
    }

    @Test
    void whatOthersMadeIsNeitherListedNorTouched() {
        others().addVirtualServer(UDP4);
        assertThat(list(VIRTUAL_SERVERS)).isEmpty();
        assertThat(refusal(() -> put(VIRTUAL_SERVERS, Map.of(UDP4, MH, TCP4, RR))))
                .contains(Errno.EEXIST);
        assertThat(list(VIRTUAL_SERVERS)).containsOnlyKeys(TCP4);
        assertThat(refusal(() -> put(REAL_SERVERS, Map.of(at(UDP4, 1), ONE)))).contains(Errno.ESRCH);
        remove(REAL_SERVERS, Set.of(at(UDP4, 1)));
        remove(VIRTUAL_SERVERS, Set.of(UDP4));
        assertThat(refusal(() -> put(VIRTUAL_SERVERS, Map.of(UDP4, MH)))).contains(Errno.EEXIST);
        assertThat(list(REAL_SERVERS)).isEmpty();
    }
}
