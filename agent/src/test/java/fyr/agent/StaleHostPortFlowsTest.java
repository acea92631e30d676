package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.agent.StaleFlows.Outcome;
import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.PodUid;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.FakeKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the flows to host ports are read, and which of them are removed, with a table in memory. */
class StaleHostPortFlowsTest {

    private static final IpAddress NODE = FakeKernel.ADDRESS;
    private static final IpAddress DNS = IpAddress.parse("10.96.0.10");
    private static final NodeIdentity SELF = new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(DNS),
            List.of());

    private final List<ConntrackEntry> flows = new ArrayList<>();
    private final FlowsInMemory table = new FlowsInMemory(flows);
    private final StaleHostPortFlows stale = new StaleHostPortFlows(table, new FakeKernel().hostLinks());

    private static NodePlan plan(String podAddress, HostPort... ports) {
        Attachment pod = new Attachment(
                "c",
                "eth0",
                "fyr1",
                MacAddress.local(1),
                List.of(IpAddress.parse(podAddress)),
                new NamespacedName("default", "web"),
                PodUid.UNKNOWN,
                List.of(ports));
        return Compiler.compile(
                NodeInputs.of(SELF).withAttachments(PersistentMap.of(Map.of(pod.key(), pod))), Optional.empty());
    }

    private static HostPort port(Protocol protocol) {
        return new HostPort(Optional.empty(), protocol, 53, 5353);
    }

    private void flow(Protocol protocol, IpAddress to, IpAddress end, int endPort, boolean replied) {
        IpAddress client = IpAddress.parse("203.0.113.9");
        flows.add(new ConntrackEntry(
                new Tuple(client, to, protocol.number(), 40000, 53),
                new Tuple(end, client, protocol.number(), endPort, 40000),
                replied));
    }

    @Test
    void nothingIsReadWithoutAChangeOfHostPorts() {
        assertThat(stale.follow(plan("10.244.1.1"))).isEqualTo(Outcome.NOTHING_TO_DO);
        assertThat(stale.follow(plan("10.244.1.2"))).isEqualTo(Outcome.NOTHING_TO_DO);
        assertThat(table.looks).isZero();
        assertThat(stale.follow(plan("10.244.1.2", port(Protocol.UDP)))).isEqualTo(Outcome.DONE);
        assertThat(stale.follow(plan("10.244.1.2", port(Protocol.UDP)))).isEqualTo(Outcome.NOTHING_TO_DO);
        assertThat(table.looks).isEqualTo(1);
    }

    @Test
    void anAgentThatStartsRemovesWhatAnEarlierOneLeft() {
        flow(Protocol.UDP, NODE, IpAddress.parse("10.244.1.9"), 5353, true);
        flow(Protocol.UDP, NODE, IpAddress.parse("10.244.1.1"), 5353, true);
        stale.follow(plan("10.244.1.1", port(Protocol.UDP)));
        assertThat(flows).singleElement().matches(left -> left.reply().source().equals(IpAddress.parse("10.244.1.1")));
    }

    @Test
    void clusterDnsKeepsItsFlows() {
        flow(Protocol.UDP, DNS, DNS, 53, true);
        flow(Protocol.UDP, NODE, NODE, 53, true);
        stale.follow(plan("10.244.1.1", port(Protocol.UDP)));
        assertThat(flows)
                .singleElement()
                .matches(left -> left.original().destination().equals(DNS));
    }

    @Test
    void ofTcpOnlyWhatWasNeverAnsweredGoes() {
        IpAddress old = IpAddress.parse("10.244.1.9");
        flow(Protocol.TCP, NODE, old, 5353, true);
        flow(Protocol.TCP, NODE, old, 5353, false);
        stale.follow(plan("10.244.1.1", port(Protocol.TCP)));
        assertThat(flows).singleElement().matches(ConntrackEntry::replied);
    }

    @Test
    void aPassThatFailedIsDoneAgain() {
        stale.follow(plan("10.244.1.1"));
        flow(Protocol.UDP, NODE, NODE, 53, true);
        table.refused = true;
        NodePlan next = plan("10.244.1.1", port(Protocol.UDP));
        assertThatThrownBy(() -> stale.follow(next)).isInstanceOf(KernelException.class);
        table.refused = false;
        stale.follow(next);
        assertThat(flows).isEmpty();
    }
}
