package fyr.compiler.service;

import static fyr.model.ServiceTraffic.Policy.CLUSTER;
import static fyr.model.ServiceTraffic.USUAL;
import static fyr.testkit.ServiceSketch.CLUSTER_IP;
import static fyr.testkit.ServiceSketch.WEB;
import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.draining;
import static fyr.testkit.ServiceSketch.ready;
import static fyr.testkit.ServiceSketch.self;
import static fyr.testkit.ServiceSketch.service;
import static fyr.testkit.ServiceSketch.slice;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.Labels;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tracked flows a change of services makes stale. */
class ServiceFlowsTest {

    private static final ServiceTable NOTHING = ServiceTable.empty("self", List.of());
    private static final Locality HERE = Locality.of("self", "a");
    private static final Endpoint ONE = ready("10.244.1.1", HERE);
    private static final Endpoint TWO = ready("10.244.1.2", HERE);
    private static final Endpoint THREE = ready("10.244.1.3", HERE);
    private static final String NODE = "172.18.0.10";
    private static final NamespacedName OTHER = new NamespacedName("default", "other");

    /** The node, and the service with an external address and a load balancer's. */
    private static ClusterSketch web(Endpoint... endpoints) {
        return cluster(at(List.of("203.0.113.1"), List.of("203.0.113.2")), endpoints);
    }

    private static ServiceTraffic at(List<String> external, List<String> balancer) {
        return new ServiceTraffic(
                CLUSTER,
                CLUSTER,
                Optional.empty(),
                external.stream().map(IpAddress::parse).toList(),
                balancer.stream().map(IpAddress::parse).toList(),
                List.of());
    }

    private static ClusterSketch withoutServices() {
        return ClusterSketch.empty().node(self("a"));
    }

    private static ServiceFlows between(ClusterSketch before, ClusterSketch now) {
        ServiceTable earlier = NOTHING.next(before.snapshot());
        return ServiceFlows.between(earlier, earlier.next(now.snapshot()));
    }

    private static ConntrackEntry flow(Protocol protocol, String destination, int port, String end, int endPort) {
        IpAddress to = IpAddress.parse(destination);
        IpAddress client = IpAddress.parse(to.family() == Family.IPV4 ? "10.244.1.9" : "fd00:244::9");
        return new ConntrackEntry(
                new Tuple(client, to, protocol.number(), 40000, port),
                new Tuple(IpAddress.parse(end), client, protocol.number(), endPort, 40000),
                true);
    }

    private static ConntrackEntry tcp(String destination, int port, String end) {
        return flow(Protocol.TCP, destination, port, end, 8080);
    }

    private static ConntrackEntry untranslated(String destination, int port) {
        return flow(Protocol.TCP, destination, port, destination, port);
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.1, 80", "172.18.0.10, 30080", "203.0.113.1, 80", "203.0.113.2, 80"})
    void aFlowIsStaleAtEveryFrontendOnceItsEndpointIsGone(String destination, int port) {
        ServiceFlows flows = between(web(ONE, TWO), web(TWO));
        assertThat(flows.stale(tcp(destination, port, "10.244.1.1"))).isTrue();
        assertThat(flows.stale(tcp(destination, port, "10.244.1.2"))).isFalse();
        assertThat(flows.stale(flow(Protocol.TCP, destination, port, "10.244.1.2", 8081)))
                .as("the address of an endpoint, but another port")
                .isTrue();
        assertThat(flows.stale(flow(Protocol.UDP, destination, port, "10.244.1.1", 8080)))
                .as("of a protocol that the service does not have")
                .isEqualTo(destination.equals("10.96.0.1"));
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.1, 80", "172.18.0.10, 30080", "203.0.113.1, 80", "203.0.113.2, 80"})
    void aFlowStaysWithAnEndpointThatDrains(String destination, int port) {
        ServiceFlows flows = between(web(ONE, TWO), web(draining("10.244.1.1", HERE), THREE));
        assertThat(flows.stale(tcp(destination, port, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(tcp(destination, port, "10.244.1.2"))).isTrue();
    }

    /** As long as the client sends, the flow stays tracked as it is and would reach no endpoint. */
    @Test
    void aFlowThatBeganBeforeThereWereEndpointsIsStale() {
        ServiceFlows flows = between(web(), web(ONE));
        assertThat(flows.stale(untranslated("10.96.0.1", 80))).isTrue();
        assertThat(flows.stale(untranslated("203.0.113.1", 80))).isTrue();
        assertThat(flows.stale(untranslated(NODE, 30080))).isTrue();
        assertThat(flows.stale(untranslated(NODE, 80)))
                .as("no node port, but the node's own")
                .isFalse();
        assertThat(flows.stale(untranslated("172.18.0.11", 30080)))
                .as("another node's, which goes through this one")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.1, 80", "10.96.0.1, 81", "172.18.0.10, 30080", "203.0.113.1, 80", "203.0.113.2, 80"})
    void aTranslatedFlowIsStaleOnceItsServiceIsDeleted(String destination, int port) {
        ServiceFlows flows = between(web(ONE), withoutServices());
        assertThat(flows.stale(tcp(destination, port, "10.244.1.1"))).isTrue();
        assertThat(flows.stale(untranslated(destination, port)))
                .as("it already goes where it would go without the service")
                .isFalse();
    }

    @Test
    void aDeletedServiceLeavesTheFlowsOfOthersAlone() {
        ServiceFlows flows = between(web(ONE), withoutServices());
        assertThat(flows.stale(tcp("203.0.113.1", 81, "10.244.1.1")))
                .as("only single ports of an external address are the service's")
                .isFalse();
        assertThat(flows.stale(tcp("10.96.0.2", 80, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(untranslated("10.244.1.1", 8080))).isFalse();
    }

    @Test
    void aFlowIsStaleOnceItsFrontendIsGone() {
        ClusterSketch before = web(ONE);
        ClusterSketch now = cluster(
                        service(WEB, USUAL, List.of(CLUSTER_IP), new Service.Port("http", Protocol.TCP, 81, 30081)))
                .slice(slice("web-1", "http", ONE));
        ServiceFlows flows = between(before, now);
        assertThat(flows.stale(tcp("10.96.0.1", 80, "10.244.1.1"))).isTrue();
        assertThat(flows.stale(tcp("203.0.113.1", 80, "10.244.1.1"))).isTrue();
        assertThat(flows.stale(tcp(NODE, 30080, "10.244.1.1"))).isTrue();
        assertThat(flows.stale(tcp("10.96.0.1", 81, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(tcp(NODE, 30081, "10.244.1.1"))).isFalse();
    }

    /** The services are other ones, the endpoints are not. */
    @Test
    void aFlowStaysIfItsAddressPassedToAServiceWithTheSameEndpoint() {
        ClusterSketch heir = withoutServices()
                .service(service(OTHER, USUAL, List.of(CLUSTER_IP), new Service.Port("http", Protocol.TCP, 80, 30080)))
                .slice(endpoints(OTHER, Family.IPV4, Protocol.TCP, ONE));
        ServiceFlows flows = between(cluster(USUAL, ONE, TWO), heir);
        assertThat(flows.stale(tcp("10.96.0.1", 80, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(tcp(NODE, 30080, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(tcp("10.96.0.1", 80, "10.244.1.2"))).isTrue();
        assertThat(flows.stale(tcp(NODE, 30080, "10.244.1.2"))).isTrue();
    }

    /** A service that does not change, found at one address beside its virtual one; its port has the number of the changed service's node port. */
    private enum Unchanged {
        AT_CLUSTER_IP("10.96.0.2", USUAL),
        AT_EXTERNAL_IP("203.0.113.7", at(List.of("203.0.113.7"), List.of())),
        AT_LOAD_BALANCER("203.0.113.8", at(List.of(), List.of("203.0.113.8")));

        private final String address;
        private final ServiceTraffic traffic;

        Unchanged(String address, ServiceTraffic traffic) {
            this.address = address;
            this.traffic = traffic;
        }

        /** What becomes stale beside it when endpoint ONE leaves the other service, or that service goes. */
        ServiceFlows beside(Protocol protocol, ClusterSketch now) {
            Service service = service(
                    OTHER,
                    traffic,
                    List.of(IpAddress.parse("10.96.0.2")),
                    new Service.Port("http", protocol, 30080, 0));
            EndpointSlice endpoints = endpoints(OTHER, Family.IPV4, protocol, THREE);
            return between(
                    web(ONE, TWO).service(service).slice(endpoints),
                    now.service(service).slice(endpoints));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlowOfAServiceThatDidNotChangeStays(Unchanged service) {
        ConntrackEntry flow = tcp(service.address, 30080, "10.244.1.3");
        assertThat(service.beside(Protocol.TCP, web(TWO)).stale(flow))
                .as("the node port leads elsewhere")
                .isFalse();
        assertThat(service.beside(Protocol.TCP, withoutServices()).stale(flow))
                .as("the node port is gone")
                .isFalse();
    }

    /** Such an address may be the node's own, and what is not the service's there is a node port as at any address of the node. */
    @ParameterizedTest
    @EnumSource(names = {"AT_EXTERNAL_IP", "AT_LOAD_BALANCER"})
    void aServiceThatDidNotChangeKeepsOnlyFlowsOfItsProtocol(Unchanged service) {
        assertThat(service.beside(Protocol.UDP, web(TWO)).stale(tcp(service.address, 30080, "10.244.1.1")))
                .isTrue();
    }

    private static EndpointSlice endpoints(
            NamespacedName service, Family family, Protocol protocol, Endpoint... endpoints) {
        return new EndpointSlice(
                new NamespacedName("default", service.name() + "-" + family),
                service,
                family,
                List.of(new EndpointSlice.Port("http", protocol, 8080)),
                List.of(endpoints));
    }

    private static ClusterSketch dualStack(Endpoint ipv6) {
        Node node = new Node(
                "self",
                0,
                List.of(IpAddress.parse(NODE), IpAddress.parse("2001:db8::10")),
                List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:244::/64")),
                Labels.none());
        return ClusterSketch.empty()
                .node(node)
                .service(service(
                        WEB,
                        USUAL,
                        List.of(CLUSTER_IP, IpAddress.parse("fd00:96::1")),
                        new Service.Port("http", Protocol.TCP, 80, 30080)))
                .slice(endpoints(WEB, Family.IPV4, Protocol.TCP, ONE))
                .slice(endpoints(WEB, Family.IPV6, Protocol.TCP, ipv6));
    }

    @Test
    void theEndpointsOfOneFamilySayNothingAboutFlowsOfTheOther() {
        ServiceFlows flows = between(dualStack(ready("fd00:244::1", HERE)), dualStack(ready("fd00:244::2", HERE)));
        assertThat(flows.stale(tcp("fd00:96::1", 80, "fd00:244::1"))).isTrue();
        assertThat(flows.stale(tcp("2001:db8::10", 30080, "fd00:244::1"))).isTrue();
        assertThat(flows.stale(tcp("fd00:96::1", 80, "fd00:244::2"))).isFalse();
        assertThat(flows.stale(tcp("2001:db8::10", 30080, "fd00:244::2"))).isFalse();
        assertThat(flows.stale(tcp("10.96.0.1", 80, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(tcp(NODE, 30080, "10.244.1.1"))).isFalse();
        assertThat(flows.stale(untranslated("2001:db8::10", 30080))).isTrue();
    }

    @Test
    void flowsAreLookedForOnlyIfAnEndpointLeftOrCameFirst() {
        assertThat(between(web(ONE, TWO), web(TWO)).possible(Protocol.TCP)).isTrue();
        assertThat(between(web(ONE), web()).possible(Protocol.TCP)).isTrue();
        assertThat(between(web(ONE), withoutServices()).possible(Protocol.TCP)).isTrue();
        assertThat(between(web(), web(ONE)).possible(Protocol.TCP)).isTrue();
        assertThat(between(withoutServices(), web(ONE)).possible(Protocol.TCP)).isTrue();
        assertThat(between(web(ONE), web(ONE)).possible(Protocol.TCP)).isFalse();
        assertThat(between(web(ONE), web(ONE, TWO)).possible(Protocol.TCP)).isFalse();
        assertThat(between(web(ONE), web(draining("10.244.1.1", HERE))).possible(Protocol.TCP))
                .isFalse();
        assertThat(between(web(), withoutServices()).possible(Protocol.TCP)).isFalse();
        assertThat(between(withoutServices(), web()).possible(Protocol.TCP))
                .as("at the start, an earlier process may have left some")
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void flowsAreLookedForInTheProtocolOfTheServiceAlone(Protocol protocol) {
        ClusterSketch before = cluster(
                        service(WEB, USUAL, List.of(CLUSTER_IP), new Service.Port("http", protocol, 80, 30080)))
                .slice(endpoints(WEB, Family.IPV4, protocol, ONE));
        ServiceFlows flows = between(before, withoutServices());
        for (Protocol any : Protocol.values()) {
            assertThat(flows.possible(any)).as("%s", any).isEqualTo(any == protocol);
        }
    }

    /** The kind of frontend with the number of another's node port may be the only one that changed. */
    @Test
    void aNodePortAloneIsReasonToLookForFlows() {
        Service.Port port = new Service.Port("http", Protocol.TCP, 80, 30080);
        Service.Port moved = new Service.Port("http", Protocol.TCP, 80, 30081);
        ClusterSketch before =
                cluster(service(WEB, USUAL, List.of(CLUSTER_IP), port)).slice(slice("web-1", "http", ONE));
        ClusterSketch now =
                cluster(service(WEB, USUAL, List.of(CLUSTER_IP), moved)).slice(slice("web-1", "http", ONE));
        assertThat(between(before, now).possible(Protocol.TCP)).isTrue();
        ClusterSketch without = cluster(
                        service(WEB, USUAL, List.of(CLUSTER_IP), new Service.Port("http", Protocol.TCP, 80, 0)))
                .slice(slice("web-1", "http", ONE));
        assertThat(between(without, before).possible(Protocol.TCP))
                .as("flows to the new node port may have begun before")
                .isTrue();
    }
}
