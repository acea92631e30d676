package fyr.compiler.service;

import static fyr.model.ServiceTraffic.Policy.CLUSTER;
import static fyr.model.ServiceTraffic.Policy.LOCAL;
import static fyr.model.ServiceTraffic.USUAL;
import static fyr.testkit.ServiceSketch.CLUSTER_IP;
import static fyr.testkit.ServiceSketch.WEB;
import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.draining;
import static fyr.testkit.ServiceSketch.endpoint;
import static fyr.testkit.ServiceSketch.policies;
import static fyr.testkit.ServiceSketch.ready;
import static fyr.testkit.ServiceSketch.self;
import static fyr.testkit.ServiceSketch.service;
import static fyr.testkit.ServiceSketch.slice;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What services mean, frontend by frontend. */
class ServiceTableTest {

    private static final ServiceTable NOTHING = ServiceTable.empty("self", List.of());
    private static final Locality HERE = Locality.of("self", "a");
    private static final Locality THERE = Locality.of("other", "b");
    private static final Frontend.ClusterIp VIRTUAL = new Frontend.ClusterIp(CLUSTER_IP, Protocol.TCP, 80);
    private static final Frontend.NodePort NODE_PORT = new Frontend.NodePort(Family.IPV4, Protocol.TCP, 30080);
    private static final Delivery REFUSE = new Delivery.Refuse();
    private static final Delivery DROP = new Delivery.Drop();

    private static List<Backend> backends(String... addresses) {
        return List.of(addresses).stream()
                .map(address -> new Backend(IpAddress.parse(address), 8080))
                .toList();
    }

    private static ServiceTable table(ClusterSketch cluster) {
        return NOTHING.next(cluster.snapshot());
    }

    private static ServiceRow row(ClusterSketch cluster, Frontend frontend) {
        return table(cluster).rows(WEB).rows().stream()
                .filter(row -> row.frontend().equals(frontend))
                .reduce((one, other) -> {
                    throw new AssertionError("two rows of one frontend: " + one + ", " + other);
                })
                .orElseThrow(() ->
                        new AssertionError(frontend + ": " + table(cluster).rows(WEB)));
    }

    private static Delivery virtual(ServiceTraffic traffic, Endpoint... endpoints) {
        return row(cluster(traffic, endpoints), VIRTUAL).fromHere();
    }

    private static Delivery forward(boolean masquerade, String... addresses) {
        return new Delivery.Forward(backends(addresses), masquerade);
    }

    @Test
    void theUsualServiceLeadsToEndpointsOfAllNodes() {
        ClusterSketch cluster = cluster(USUAL, ready("10.244.1.2", HERE), ready("10.244.1.1", THERE));
        Delivery unchanged = forward(false, "10.244.1.1", "10.244.1.2");
        Delivery masqueraded = forward(true, "10.244.1.1", "10.244.1.2");
        assertThat(row(cluster, VIRTUAL))
                .isEqualTo(new ServiceRow(VIRTUAL, unchanged, masqueraded, Optional.empty(), new Sources.Everyone()));
        assertThat(row(cluster, NODE_PORT))
                .isEqualTo(
                        new ServiceRow(NODE_PORT, masqueraded, masqueraded, Optional.empty(), new Sources.Everyone()));
        assertThat(table(cluster).rows(WEB).rows()).hasSize(2);
        assertThat(table(cluster).rows(WEB).addresses()).containsExactly(CLUSTER_IP);
    }

    @Test
    void withoutAnyReadyEndpointTheDrainingOnesTakeNewConnections() {
        assertThat(virtual(
                        USUAL,
                        draining("10.244.1.1", THERE),
                        endpoint("10.244.1.2", false, false, true, THERE),
                        endpoint("10.244.1.3", false, true, false, THERE)))
                .as(".2 does not answer any more, .3 does not terminate, is held back")
                .isEqualTo(forward(false, "10.244.1.1"));
        assertThat(virtual(USUAL, draining("10.244.1.1", HERE), ready("10.244.1.4", THERE)))
                .isEqualTo(forward(false, "10.244.1.4"));
        assertThat(virtual(USUAL, endpoint("10.244.1.3", false, true, false, HERE)))
                .isEqualTo(REFUSE);
    }

    /** The port decides: endpoints that are ready are so for the ports of their own slice only. */
    @Test
    void theFallbackIsForEachPort() {
        ClusterSketch cluster = cluster(service(USUAL))
                .slice(slice("web-1", "http", draining("10.244.1.1", THERE)))
                .slice(slice("web-2", "other", ready("10.244.1.4", THERE)));
        assertThat(row(cluster, VIRTUAL).fromHere()).isEqualTo(forward(false, "10.244.1.1"));
    }

    @Test
    void anEndpointOfSeveralSlicesIsThereOnce() {
        ClusterSketch cluster = cluster(service(USUAL))
                .slice(slice("web-1", "http", draining("10.244.1.1", HERE)))
                .slice(slice("web-2", "http", ready("10.244.1.1", HERE)));
        assertThat(row(cluster, VIRTUAL).fromHere()).isEqualTo(forward(false, "10.244.1.1"));
    }

    @Test
    void theInternalPolicyIsAboutVirtualAddressesOnly() {
        ServiceTraffic traffic = policies(LOCAL, CLUSTER);
        ClusterSketch cluster = cluster(traffic, ready("10.244.1.1", HERE), ready("10.244.2.1", THERE));
        ServiceRow row = row(cluster, VIRTUAL);
        assertThat(row.fromHere()).isEqualTo(forward(false, "10.244.1.1"));
        assertThat(row.fromElsewhere()).isEqualTo(forward(true, "10.244.1.1"));
        assertThat(row(cluster, NODE_PORT).fromElsewhere()).isEqualTo(forward(true, "10.244.1.1", "10.244.2.1"));
    }

    @Test
    void theExternalPolicyIsAboutConnectionsFromElsewhereOnly() {
        ServiceTraffic traffic = policies(CLUSTER, LOCAL);
        ClusterSketch cluster = cluster(traffic, ready("10.244.1.1", HERE), ready("10.244.2.1", THERE));
        ServiceRow row = row(cluster, NODE_PORT);
        assertThat(row.fromHere()).isEqualTo(forward(false, "10.244.1.1", "10.244.2.1"));
        assertThat(row.fromElsewhere()).as("the endpoint sees the client").isEqualTo(forward(false, "10.244.1.1"));
        assertThat(row.from(ServiceRow.Origin.POD)).isEqualTo(row.fromHere());
        assertThat(row.from(ServiceRow.Origin.NODE)).isEqualTo(forward(true, "10.244.1.1", "10.244.2.1"));
        assertThat(row(cluster, VIRTUAL).from(ServiceRow.Origin.NODE))
                .isEqualTo(forward(false, "10.244.1.1", "10.244.2.1"));
    }

    @Test
    void withoutALocalEndpointOthersAreLeftToTheirOwnNodes() {
        assertThat(virtual(policies(LOCAL, CLUSTER), ready("10.244.2.1", THERE)))
                .isEqualTo(DROP);
        assertThat(virtual(policies(LOCAL, CLUSTER), draining("10.244.2.1", THERE)))
                .isEqualTo(DROP);
        assertThat(virtual(policies(LOCAL, CLUSTER))).as("nobody anywhere").isEqualTo(REFUSE);
        assertThat(virtual(policies(LOCAL, CLUSTER), endpoint("10.244.2.1", false, true, false, THERE)))
                .as("nobody takes connections")
                .isEqualTo(REFUSE);
        ServiceRow row = row(cluster(policies(CLUSTER, LOCAL), ready("10.244.2.1", THERE)), NODE_PORT);
        assertThat(row.fromElsewhere()).isEqualTo(DROP);
        assertThat(row.fromHere()).isEqualTo(forward(false, "10.244.2.1"));
    }

    /** A ready endpoint elsewhere does not help a client that may only reach this node. */
    @Test
    void theLocalFallbackIsAboutThisNodeAlone() {
        Endpoint[] endpoints = {draining("10.244.1.1", HERE), ready("10.244.2.1", THERE)};
        assertThat(virtual(policies(LOCAL, CLUSTER), endpoints)).isEqualTo(forward(false, "10.244.1.1"));
        assertThat(virtual(USUAL, endpoints)).isEqualTo(forward(false, "10.244.2.1"));
    }

    @Test
    void anEndpointOfAnUnknownNodeIsNotLocal() {
        assertThat(virtual(policies(LOCAL, CLUSTER), ready("10.244.1.1", Locality.unknown())))
                .isEqualTo(DROP);
    }

    private static Locality hinted(String node, List<String> zones, List<String> nodes) {
        return new Locality(node, "a", new Locality.Hints(zones, nodes));
    }

    @Test
    void hintsCountIfEveryReadyEndpointHasOne() {
        Endpoint forUs = ready("10.244.1.1", hinted("x", List.of("b", "a"), List.of()));
        Endpoint forOthers = ready("10.244.1.2", hinted("x", List.of("b"), List.of()));
        Endpoint forAll = ready("10.244.1.3", HERE);
        assertThat(virtual(USUAL, forUs, forOthers)).isEqualTo(forward(false, "10.244.1.1"));
        assertThat(virtual(USUAL, forUs, forOthers, draining("10.244.1.4", HERE)))
                .as("one that is not ready needs none")
                .isEqualTo(forward(false, "10.244.1.1"));
        assertThat(virtual(USUAL, forUs, forOthers, forAll))
                .isEqualTo(forward(false, "10.244.1.1", "10.244.1.2", "10.244.1.3"));
        assertThat(virtual(USUAL, forOthers)).as("none for this zone").isEqualTo(forward(false, "10.244.1.2"));
        assertThat(row(cluster(USUAL, forUs, forOthers).node(self("")), VIRTUAL).fromHere())
                .as("the node's zone is unknown")
                .isEqualTo(forward(false, "10.244.1.1", "10.244.1.2"));
    }

    @Test
    void hintsAboutNodesComeBeforeHintsAboutZones() {
        Endpoint forNode = ready("10.244.1.1", hinted("x", List.of("b"), List.of("self")));
        Endpoint forZone = ready("10.244.1.2", hinted("x", List.of("a"), List.of("other")));
        assertThat(virtual(USUAL, forNode, forZone)).isEqualTo(forward(false, "10.244.1.1"));
        assertThat(virtual(USUAL, forZone, ready("10.244.1.3", hinted("x", List.of("b"), List.of("other")))))
                .as("none for this node")
                .isEqualTo(forward(false, "10.244.1.2"));
        assertThat(virtual(policies(LOCAL, CLUSTER), ready("10.244.1.5", hinted("self", List.of("b"), List.of("z")))))
                .as("a local endpoint is whoever it is meant for")
                .isEqualTo(forward(false, "10.244.1.5"));
    }

    @Test
    void otherAddressesAreFrontendsOfTheirFamily() {
        IpAddress external = IpAddress.parse("203.0.113.1");
        IpAddress balancer = IpAddress.parse("203.0.113.2");
        IpAddress otherFamily = IpAddress.parse("2001:db8::1");
        ServiceTraffic traffic = new ServiceTraffic(
                CLUSTER,
                CLUSTER,
                Optional.of(Duration.ofHours(3)),
                List.of(external, otherFamily),
                List.of(balancer, otherFamily),
                List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8:1::/48")));
        ClusterSketch cluster = cluster(traffic, ready("10.244.1.1", HERE));
        Delivery masqueraded = forward(true, "10.244.1.1");
        Optional<Duration> affinity = Optional.of(Duration.ofHours(3));
        Frontend atExternal = new Frontend.ExternalIp(external, Protocol.TCP, 80);
        Frontend atBalancer = new Frontend.LoadBalancerIp(balancer, Protocol.TCP, 80);
        assertThat(table(cluster).rows(WEB).rows())
                .containsExactlyInAnyOrder(
                        new ServiceRow(
                                VIRTUAL, forward(false, "10.244.1.1"), masqueraded, affinity, new Sources.Everyone()),
                        new ServiceRow(NODE_PORT, masqueraded, masqueraded, affinity, new Sources.Everyone()),
                        new ServiceRow(atExternal, masqueraded, masqueraded, affinity, new Sources.Everyone()),
                        new ServiceRow(
                                atBalancer,
                                masqueraded,
                                masqueraded,
                                affinity,
                                new Sources.Only(List.of(Prefix.parse("198.51.100.0/24")))));
        assertThat(table(cluster).rows(WEB).addresses())
                .as("only the virtual address is the service's as a whole")
                .containsExactly(CLUSTER_IP);
    }

    @Test
    void rangesOfTheOtherFamilyAloneAllowNobody() {
        IpAddress balancer = IpAddress.parse("203.0.113.2");
        ServiceTraffic traffic = new ServiceTraffic(
                CLUSTER,
                CLUSTER,
                Optional.empty(),
                List.of(),
                List.of(balancer),
                List.of(Prefix.parse("2001:db8:1::/48")));
        assertThat(row(cluster(traffic), new Frontend.LoadBalancerIp(balancer, Protocol.TCP, 80))
                        .sources())
                .isEqualTo(new Sources.Only(List.of()));
    }

    /** The API server would not accept such a service. */
    @Test
    void ofTwoPortsWithOneFrontendTheFirstHasIt() {
        Service service = service(
                WEB,
                USUAL,
                List.of(CLUSTER_IP),
                new Service.Port("http", Protocol.TCP, 80, 0),
                new Service.Port("other", Protocol.TCP, 80, 0));
        ClusterSketch cluster = cluster(service)
                .slice(slice("web-1", "http", ready("10.244.1.1", HERE)))
                .slice(slice("web-2", "other", ready("10.244.1.2", HERE)));
        assertThat(row(cluster, VIRTUAL).fromHere()).isEqualTo(forward(false, "10.244.1.1"));
    }

    @Test
    void whatTheNodeServesItselfIsNoFrontendAndNoEndpoint() {
        ServiceTable dns = ServiceTable.empty("self", List.of(CLUSTER_IP));
        ClusterSketch cluster = cluster(USUAL, ready("10.244.1.1", HERE));
        assertThat(dns.next(cluster.snapshot()).rows(WEB)).isEqualTo(ServiceRows.NONE);
        ServiceTable endpoint = ServiceTable.empty("self", List.of(IpAddress.parse("10.244.1.1")));
        assertThat(endpoint.next(cluster.snapshot()).rows(WEB).rows())
                .extracting(ServiceRow::fromHere)
                .containsExactly(REFUSE, REFUSE);
    }

    @Test
    void anotherProxysServicesAndSlicesAreNotServed() {
        Service theirs = new Service(
                WEB,
                0,
                Service.Type.CLUSTER_IP,
                List.of(CLUSTER_IP),
                Optional.empty(),
                false,
                true,
                List.of(new Service.Port("http", Protocol.TCP, 80, 0)));
        assertThat(table(cluster(theirs)).rows(WEB)).isEqualTo(ServiceRows.NONE);
        EndpointSlice slice = slice("web-1", "http", ready("10.244.1.1", HERE));
        ClusterSketch labelled = cluster(service(USUAL))
                .slice(new EndpointSlice(
                        slice.name(), slice.service(), true, slice.family(), slice.ports(), slice.endpoints()));
        assertThat(row(labelled, VIRTUAL).fromHere()).isEqualTo(REFUSE);
    }

    @Test
    void thatTheNodeMovesConcernsOnlyServicesThatDependOnPlace() {
        for (ServiceTraffic traffic : List.of(policies(LOCAL, CLUSTER), policies(CLUSTER, LOCAL))) {
            ClusterSketch dependent = cluster(traffic, ready("10.244.1.1", HERE));
            assertThat(changedByMoving(dependent)).containsExactly(WEB);
        }
        assertThat(changedByMoving(cluster(USUAL, ready("10.244.1.1", HERE)))).isEmpty();
        assertThat(changedByMoving(cluster(USUAL, ready("10.244.1.1", hinted("x", List.of("b"), List.of())))))
                .containsExactly(WEB);
    }

    private static Set<NamespacedName> changedByMoving(ClusterSketch cluster) {
        assertThat(table(cluster).changedSince(table(cluster))).isEmpty();
        return table(cluster.node(self("b"))).changedSince(table(cluster));
    }

    @Test
    void flowsStayWithEndpointsThatTakeNoNewConnections() {
        ServiceTable table =
                table(cluster(policies(LOCAL, CLUSTER), draining("10.244.1.1", HERE), ready("10.244.2.1", THERE)));
        Set<Backend> both = Set.copyOf(backends("10.244.1.1", "10.244.2.1"));
        assertThat(table.serving(WEB, Protocol.TCP)).isEqualTo(Map.of(VIRTUAL, both, NODE_PORT, both));
        assertThat(table.serving(WEB, Protocol.UDP)).isEmpty();
    }
}
