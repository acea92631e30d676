package fyr.compiler.hostport;

import static fyr.compiler.hostport.HostPortsOfPods.pod;
import static fyr.compiler.hostport.HostPortsOfPods.pods;
import static fyr.compiler.hostport.HostPortsOfPods.port;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which flows a change of host ports leaves behind. */
class HostPortFlowsTest {

    private static final Set<IpAddress> LOCAL = Set.of(
            IpAddress.parse("192.0.2.1"),
            IpAddress.parse("192.0.2.2"),
            IpAddress.parse("2001:db8::1"),
            IpAddress.parse("127.0.0.1"));
    private static final HostPortRules NOTHING = HostPortRules.empty(new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(),
            List.of()));
    private static final Attachment FIRST = pod("a", 1, port("", Protocol.UDP, 53, 5353));
    private static final Attachment SECOND = pod("b", 2, port("", Protocol.UDP, 53, 5353));

    private static ConntrackEntry flow(Protocol protocol, String to, int port, String end, int endPort) {
        IpAddress client = IpAddress.parse(to.contains(":") ? "2001:db8:9::9" : "203.0.113.9");
        return new ConntrackEntry(
                new Tuple(client, IpAddress.parse(to), protocol.number(), 40000, port),
                new Tuple(IpAddress.parse(end), client, protocol.number(), endPort, 40000),
                false);
    }

    private static ConntrackEntry dns(String to, String end, int endPort) {
        return flow(Protocol.UDP, to, 53, end, endPort);
    }

    private static HostPortFlows between(HostPortRules before, Attachment... now) {
        return HostPortFlows.between(before, before.next(pods(now)));
    }

    @Test
    void aFlowThatIsOlderThanThePodGoes() {
        HostPortFlows flows = between(NOTHING, FIRST);
        assertThat(flows.possible(Protocol.UDP)).isTrue();
        assertThat(flows.possible(Protocol.TCP)).isFalse();
        assertThat(flows.stale(dns("192.0.2.2", "192.0.2.2", 53), LOCAL)).isTrue();
        assertThat(flows.stale(dns("2001:db8::1", "2001:db8::1", 53), LOCAL)).isTrue();
        assertThat(flows.stale(dns("192.0.2.1", "10.244.1.1", 5353), LOCAL))
                .as("it goes to the pod")
                .isFalse();
    }

    @Test
    void aFlowToTheFormerPodGoes() {
        HostPortRules first = NOTHING.next(pods(FIRST));
        HostPortFlows replaced = between(first, SECOND);
        assertThat(replaced.stale(dns("192.0.2.1", "10.244.1.1", 5353), LOCAL)).isTrue();
        assertThat(replaced.stale(dns("2001:db8::1", "fd00:10:244:1::1", 5353), LOCAL))
                .isTrue();
        assertThat(replaced.stale(dns("192.0.2.1", "10.244.1.2", 5353), LOCAL)).isFalse();
        HostPortFlows removed = between(first);
        assertThat(removed.stale(dns("192.0.2.1", "10.244.1.1", 5353), LOCAL)).isTrue();
        assertThat(removed.stale(dns("192.0.2.1", "192.0.2.1", 53), LOCAL))
                .as("the node itself answers there now")
                .isFalse();
    }

    @Test
    void flowsOfOthersStay() {
        HostPortFlows flows = between(NOTHING.next(pods(FIRST)), SECOND);
        assertThat(flows.stale(dns("203.0.113.53", "203.0.113.53", 53), LOCAL))
                .as("to a resolver elsewhere")
                .isFalse();
        assertThat(flows.stale(dns("127.0.0.1", "127.0.0.1", 53), LOCAL)).isFalse();
        assertThat(flows.stale(flow(Protocol.UDP, "192.0.2.1", 54, "10.244.1.1", 5353), LOCAL))
                .isFalse();
        assertThat(flows.stale(flow(Protocol.TCP, "192.0.2.1", 53, "10.244.1.1", 5353), LOCAL))
                .isFalse();
        assertThat(flows.stale(
                        new ConntrackEntry(
                                new Tuple(IpAddress.parse("192.0.2.9"), IpAddress.parse("192.0.2.1"), 1, 0, 0),
                                new Tuple(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.9"), 1, 0, 0),
                                true),
                        LOCAL))
                .as("ICMP")
                .isFalse();
    }

    @Test
    void aChangeAtOneAddressLeavesTheOthersAlone() {
        HostPortFlows flows =
                between(NOTHING.next(pods(FIRST)), FIRST, pod("b", 2, port("192.0.2.2", Protocol.UDP, 53, 99)));
        assertThat(flows.stale(dns("192.0.2.2", "10.244.1.1", 5353), LOCAL)).isTrue();
        assertThat(flows.stale(dns("192.0.2.1", "10.244.1.1", 5353), LOCAL)).isFalse();
    }

    @Test
    void anotherPodsChangeIsNoReasonToRead() {
        HostPortFlows flows = between(NOTHING.next(pods(FIRST)), FIRST, pod("c", 3));
        for (Protocol protocol : Protocol.values()) {
            assertThat(flows.possible(protocol)).isFalse();
        }
    }
}
