package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.link.HostLink;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which flows are removed after which change, with a table in memory. */
class StaleFlowsTest {

    private static final String NODE = "192.0.2.11";
    private static final String OTHER_NODE = "192.0.2.12";
    private static final NodeIdentity SELF = new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(IpAddress.parse("10.96.0.10")),
            List.of());
    private static final ClusterSketch NODES = ClusterSketch.empty()
            .node("node1", List.of(NODE), List.of("10.244.1.0/24"))
            .node("node2", List.of(OTHER_NODE), List.of("10.244.2.0/24"));
    private static final EndpointSlice.Endpoint ONE = endpoint("10.244.1.1", true, false);
    private static final EndpointSlice.Endpoint TWO = endpoint("10.244.1.2", true, false);
    private static final EndpointSlice.Endpoint ONE_DRAINING = endpoint("10.244.1.1", false, true);
    private static final ClusterSketch SERVED = service(port(5000, 30000)).slice(slice(ONE, TWO));

    private final Map<String, ConntrackEntry> flows = new LinkedHashMap<>();
    private final FlowsInMemory table = new FlowsInMemory(flows.values());
    private final StaleFlows stale = new StaleFlows(table);
    private Optional<NodePlan> plan = Optional.empty();

    private void follow(ClusterSketch cluster) {
        NodePlan next = Compiler.compile(NodeInputs.of(SELF).with(cluster.snapshot()), plan);
        plan = Optional.of(next);
        stale.follow(next.services());
    }

    /** Tracks a flow of a pod to a destination, which really goes to {@code end}. */
    private void flow(String name, String destination, int port, String end, int endPort) {
        flow(Protocol.UDP, true, name, destination, port, end, endPort);
    }

    private void flow(
            Protocol protocol, boolean replied, String name, String destination, int port, String end, int endPort) {
        IpAddress client = IpAddress.parse(destination.contains(":") ? "fd00:10:244:1::9" : "10.244.1.9");
        flows.put(
                name,
                new ConntrackEntry(
                        new Tuple(client, IpAddress.parse(destination), protocol.number(), 40000, port),
                        new Tuple(IpAddress.parse(end), client, protocol.number(), endPort, 40000),
                        replied));
    }

    private void flowsOfTheService() {
        flow("cluster IP", "10.96.0.1", 5000, "10.244.1.1", 5353);
        flow("node port", NODE, 30000, "10.244.1.1", 5353);
    }

    private void flowsOfOthers() {
        flow("a port like ours, elsewhere", "203.0.113.1", 30000, "203.0.113.1", 30000);
        flow("other node's node port", OTHER_NODE, 30000, OTHER_NODE, 30000);
        flow("cluster DNS", "10.96.0.10", 53, "10.96.0.10", 53);
        flow("pod to pod", "10.244.1.1", 5353, "10.244.1.1", 5353);
        flow("another port of the node", NODE, 53, NODE, 53);
    }

    @Test
    void flowsToEndpointsThatAreThereStay() {
        flowsOfTheService();
        flowsOfOthers();
        follow(SERVED);
        follow(service(port(5000, 30000)).slice(slice(ONE)));
        assertThat(flows).hasSize(7);
    }

    @Test
    void flowsGoWithTheirEndpoint() {
        flowsOfOthers();
        follow(SERVED);
        flowsOfTheService();
        follow(service(port(5000, 30000)).slice(slice(TWO)));
        assertThat(flows).hasSize(5).doesNotContainKeys("cluster IP", "node port");
    }

    @Test
    void flowsOfAServiceScaledToZeroGo() {
        flowsOfOthers();
        follow(SERVED);
        flowsOfTheService();
        follow(service(port(5000, 30000)).slice(slice()));
        assertThat(flows).hasSize(5).doesNotContainKeys("cluster IP", "node port");
    }

    /** Though no Service of the cluster has an endpoint of this protocol. */
    @Test
    void flowsOfAServiceScaledToZeroWhileNoAgentRanGo() {
        flowsOfOthers();
        flowsOfTheService();
        follow(service(port(5000, 30000)).slice(slice()));
        assertThat(flows).hasSize(5).doesNotContainKeys("cluster IP", "node port");
    }

    @Test
    void flowsOfADeletedServiceGo() {
        flowsOfOthers();
        follow(SERVED);
        flowsOfTheService();
        follow(NODES);
        assertThat(flows).hasSize(5).doesNotContainKeys("cluster IP", "node port");
    }

    @Test
    void flowsOfADeletedServiceGoOnceTheTableCanBeRead() {
        follow(SERVED);
        flowsOfTheService();
        table.refused = true;
        assertThatThrownBy(() -> follow(NODES)).isInstanceOf(KernelException.class);
        assertThat(flows).hasSize(2);
        table.refused = false;
        follow(NODES);
        assertThat(flows).isEmpty();
    }

    @Test
    void flowsOfAPortThatIsNoLongerTheServicesGo() {
        follow(SERVED);
        flowsOfTheService();
        follow(service(port(5001, 30001)).slice(slice(ONE, TWO)));
        assertThat(flows).isEmpty();
    }

    /** The address of a deleted service may be another one's in the same step, and the same endpoints serve both. */
    @Test
    void flowsOfAnAddressThatChangedItsServiceStay() {
        follow(SERVED);
        flowsOfTheService();
        NamespacedName heir = new NamespacedName("default", "heir");
        follow(NODES.service(new Service(
                        heir,
                        Service.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0.1")),
                        Optional.empty(),
                        false,
                        List.of(port(5000, 30000))))
                .slice(new EndpointSlice(
                        heir,
                        heir,
                        Family.IPV4,
                        List.of(new EndpointSlice.Port("p", Protocol.UDP, 5353)),
                        List.of(ONE))));
        assertThat(flows).hasSize(2);
    }

    /** Its port has the number of the changed service's node port. */
    @Test
    void flowsOfAServiceThatDidNotChangeStay() {
        NamespacedName other = new NamespacedName("default", "other");
        Service unchanged = new Service(
                other,
                Service.Type.CLUSTER_IP,
                List.of(IpAddress.parse("10.96.0.2")),
                Optional.empty(),
                false,
                List.of(port(30000, 0)));
        EndpointSlice endpoints = new EndpointSlice(
                other, other, Family.IPV4, List.of(new EndpointSlice.Port("p", Protocol.UDP, 5353)), List.of(TWO));
        follow(SERVED.service(unchanged).slice(endpoints));
        flowsOfTheService();
        flow("other", "10.96.0.2", 30000, "10.244.1.2", 5353);
        follow(service(port(5000, 30000)).slice(slice(TWO)).service(unchanged).slice(endpoints));
        assertThat(flows).containsOnlyKeys("other");
        follow(service(port(5000, 30001)).slice(slice()).service(unchanged).slice(endpoints));
        assertThat(flows).as("the node port is gone").containsOnlyKeys("other");
        follow(NODES.service(unchanged).slice(endpoints));
        assertThat(flows).containsOnlyKeys("other");
        follow(NODES);
        assertThat(flows).as("its own").isEmpty();
    }

    @Test
    void flowsToAnEndpointThatDrainsStay() {
        follow(SERVED);
        flowsOfTheService();
        follow(service(port(5000, 30000)).slice(slice(ONE_DRAINING)));
        assertThat(flows).as("nobody else is there").hasSize(2);
        follow(service(port(5000, 30000)).slice(slice(ONE_DRAINING, TWO)));
        assertThat(flows).as("others take what is new").hasSize(2);
        follow(service(port(5000, 30000)).slice(slice(TWO)));
        assertThat(flows).isEmpty();
    }

    /** It drains for another service, which may have no UDP port: nothing would look again when it is gone. */
    @Test
    void flowsToAnEndpointThatDrainsForAnotherServiceGo() {
        follow(SERVED);
        flowsOfTheService();
        NamespacedName other = new NamespacedName("default", "other");
        follow(service(port(5000, 30000))
                .slice(slice(TWO))
                .slice(new EndpointSlice(
                        other,
                        other,
                        Family.IPV4,
                        List.of(new EndpointSlice.Port("p", Protocol.TCP, 80)),
                        List.of(ONE_DRAINING))));
        assertThat(flows).isEmpty();
    }

    /** What a client sent before there were endpoints is tracked without translation, and stays so for as long as it sends. */
    @Test
    void flowsThatBeganBeforeThereWereEndpointsGo() {
        flowsOfOthers();
        follow(service(port(5000, 30000)));
        flow("to the cluster IP", "10.96.0.1", 5000, "10.96.0.1", 5000);
        flow("to the node port", NODE, 30000, NODE, 30000);
        follow(SERVED);
        assertThat(flows).hasSize(5).doesNotContainKeys("to the cluster IP", "to the node port");
    }

    private void connections(Protocol protocol) {
        flow(protocol, false, "asked, of one that left", "10.96.0.1", 5000, "10.244.1.1", 5353);
        flow(protocol, false, "asked at the node, of one that left", NODE, 30000, "10.244.1.1", 5353);
        flow(protocol, true, "established with one that left", "10.96.0.1", 5000, "10.244.1.1", 5353);
        flow(protocol, true, "established at the node", NODE, 30000, "10.244.1.1", 5353);
        flow(protocol, false, "asked, of one that is there", "10.96.0.1", 5000, "10.244.1.2", 5353);
        flow(protocol, false, "asked, of no service", "10.244.1.1", 5353, "10.244.1.1", 5353);
        flow(protocol, false, "asked elsewhere", "203.0.113.1", 30000, "203.0.113.1", 30000);
    }

    /** Retransmissions would go to the removed endpoint for two minutes (nf_conntrack_tcp_timeout_syn_sent). */
    @ParameterizedTest
    @EnumSource(names = {"TCP", "SCTP"})
    void unansweredConnectionsGoWithTheirEndpointAndEstablishedOnesStay(Protocol protocol) {
        Service.Port port = new Service.Port("p", protocol, 5000, 30000);
        follow(service(port).slice(slice(protocol, ONE, TWO)));
        connections(protocol);
        follow(service(port).slice(slice(protocol, ONE_DRAINING, TWO)));
        assertThat(flows).as("who drains may answer").hasSize(7);
        follow(service(port).slice(slice(protocol, TWO)));
        assertThat(flows)
                .hasSize(5)
                .doesNotContainKeys("asked, of one that left", "asked at the node, of one that left");
        follow(NODES);
        assertThat(flows).hasSize(4).doesNotContainKey("asked, of one that is there");
    }

    /** The addresses of one family say nothing about the flows of the other. */
    @Test
    void unansweredConnectionsOfBothFamiliesGoWithTheirOwnEndpoint() {
        NamespacedName name = new NamespacedName("default", "echo");
        Service.Port port = new Service.Port("p", Protocol.TCP, 5000, 30000);
        ClusterSketch dual = ClusterSketch.empty()
                .node("node1", List.of(NODE, "2001:db8::11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
                .service(new Service(
                        name,
                        Service.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00:10:96::1")),
                        Optional.empty(),
                        false,
                        List.of(port)))
                .slice(slice(Protocol.TCP, ONE));
        follow(dual.slice(slice6(endpoint("fd00:10:244:1::1", true, false))));
        flow(Protocol.TCP, false, "IPv4", "10.96.0.1", 5000, "10.244.1.1", 5353);
        flow(Protocol.TCP, false, "IPv6", "fd00:10:96::1", 5000, "fd00:10:244:1::1", 5353);
        flow(Protocol.TCP, false, "IPv6 at the node", "2001:db8::11", 30000, "fd00:10:244:1::1", 5353);
        flow(Protocol.TCP, true, "IPv6, established", "fd00:10:96::1", 5000, "fd00:10:244:1::1", 5353);
        flow(Protocol.TCP, false, "IPv6, of one that is there", "fd00:10:96::1", 5000, "fd00:10:244:1::2", 5353);
        follow(dual.slice(slice6(endpoint("fd00:10:244:1::2", true, false))));
        assertThat(flows).containsOnlyKeys("IPv4", "IPv6, established", "IPv6, of one that is there");
    }

    private static EndpointSlice slice6(EndpointSlice.Endpoint... endpoints) {
        return new EndpointSlice(
                new NamespacedName("default", "echo-6"),
                new NamespacedName("default", "echo"),
                Family.IPV6,
                List.of(new EndpointSlice.Port("p", Protocol.TCP, 5353)),
                List.of(endpoints));
    }

    /** They are searched for once, at the start: changes while no agent ran may have left them. */
    @Test
    void unansweredConnectionsThatBeganWhileNoAgentRanGo() {
        connections(Protocol.TCP);
        follow(service(new Service.Port("p", Protocol.TCP, 5000, 30000)).slice(slice(Protocol.TCP, TWO)));
        assertThat(flows).hasSize(5);
        assertThat(table.looks).isEqualTo(1);
    }

    /** An additional endpoint, or a service without any relation to flows, is no reason to read the table. */
    @Test
    void theTableIsReadOnlyIfAnEndpointLeft() {
        Service.Port port = new Service.Port("p", Protocol.TCP, 5000, 30000);
        follow(service(port).slice(slice(Protocol.TCP, TWO)));
        int before = table.looks;
        follow(service(port).slice(slice(Protocol.TCP, ONE, TWO)));
        follow(service(port).slice(slice(Protocol.TCP, ONE_DRAINING, TWO)));
        assertThat(table.looks).isEqualTo(before);
        follow(service(port).slice(slice(Protocol.TCP, ONE_DRAINING)));
        assertThat(table.looks).isEqualTo(before + 1);
    }

    private static ClusterSketch service(Service.Port port) {
        return NODES.service(new Service(
                new NamespacedName("default", "echo"),
                Service.Type.NODE_PORT,
                List.of(IpAddress.parse("10.96.0.1")),
                Optional.empty(),
                false,
                List.of(port)));
    }

    private static Service.Port port(int port, int nodePort) {
        return new Service.Port("p", Protocol.UDP, port, nodePort);
    }

    private static EndpointSlice slice(EndpointSlice.Endpoint... endpoints) {
        return slice(Protocol.UDP, endpoints);
    }

    private static EndpointSlice slice(Protocol protocol, EndpointSlice.Endpoint... endpoints) {
        NamespacedName echo = new NamespacedName("default", "echo");
        return new EndpointSlice(
                echo, echo, Family.IPV4, List.of(new EndpointSlice.Port("p", protocol, 5353)), List.of(endpoints));
    }

    private static EndpointSlice.Endpoint endpoint(String address, boolean ready, boolean terminating) {
        return new EndpointSlice.Endpoint(
                List.of(IpAddress.parse(address)), ready, true, terminating, Optional.empty());
    }
}
