package fyr.compiler.service.cases;

import static fyr.compiler.service.cases.EndpointDraft.ready;
import static fyr.compiler.service.cases.Outcome.DROPPED;
import static fyr.compiler.service.cases.Outcome.REFUSED;
import static fyr.compiler.service.cases.Outcome.UNTOUCHED;
import static fyr.compiler.service.cases.Outcome.either;
import static fyr.compiler.service.cases.Outcome.masqueraded;
import static fyr.compiler.service.cases.Outcome.reaches;
import static fyr.compiler.service.cases.Place.CLIENT;
import static fyr.compiler.service.cases.Place.CLUSTER_IP;
import static fyr.compiler.service.cases.Place.CLUSTER_IP_2;
import static fyr.compiler.service.cases.Place.EXTERNAL_IP;
import static fyr.compiler.service.cases.Place.EXTERNAL_IP_2;
import static fyr.compiler.service.cases.Place.LOAD_BALANCER;
import static fyr.compiler.service.cases.Place.LOOPBACK;
import static fyr.compiler.service.cases.Place.NODE;
import static fyr.compiler.service.cases.Place.POD_A;
import static fyr.compiler.service.cases.Place.POD_B;
import static fyr.compiler.service.cases.Place.REMOTE_A;
import static fyr.compiler.service.cases.Place.REMOTE_B;
import static fyr.compiler.service.cases.Place.SECOND;
import static fyr.compiler.service.cases.Place.STRANGER;
import static fyr.compiler.service.cases.Scene.NODE_PORT;
import static fyr.compiler.service.cases.Scene.PORT;
import static fyr.compiler.service.cases.Scene.UNDEFINED_PORT;
import static fyr.model.ServiceTraffic.Policy.LOCAL;

import fyr.model.Protocol;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where clients find a Service, and which policy applies there (TestClusterIPGeneral, TestNodePorts, TestExternalIPs, TestLoadBalancer,
 * TestInternalExternalMasquerade, TestLoadBalancerSourceRanges, TestNoEndpoints of kube-proxy).
 */
final class FrontendCases {

    private FrontendCases() {}

    static Stream<ServiceCase> all() {
        return Stream.of(
                        policiesCluster(),
                        notFrontends(),
                        unallocated(),
                        externalLocal(),
                        externalLocalElsewhere(),
                        internalLocal(),
                        internalLocalElsewhere(),
                        withoutEndpoints(),
                        sourceRanges(),
                        sourceRangesOfTheNode(),
                        ownLoadBalancer(),
                        oneProtocol(),
                        twoServices())
                .flatMap(List::stream);
    }

    private static ServiceDraft web() {
        return ServiceDraft.web(ready(POD_A), ready(REMOTE_A));
    }

    /**
     * kube-proxy masquerades the node's own connections to a virtual address as well, unless it takes the node for local; here they go the
     * way of its pods' (ServiceRow).
     */
    private static List<ServiceCase> policiesCluster() {
        Set<Outcome> masqueraded = masqueraded(POD_A, REMOTE_A);
        CaseList cases = new CaseList("both policies Cluster", Scene.of(web()))
                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(POD_A, CLUSTER_IP, either(masqueraded(POD_A), reaches(REMOTE_A)))
                .add(NODE, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, masqueraded)
                .add(REMOTE_B, CLUSTER_IP, masqueraded);
        for (Place to : List.of(NODE, SECOND, EXTERNAL_IP, LOAD_BALANCER)) {
            for (Place from : List.of(POD_A, POD_B, NODE, CLIENT, REMOTE_B)) {
                cases.add(from, to, masqueraded);
            }
        }
        return cases.cases();
    }

    /**
     * All ports of a virtual address are the service's, and one port of each other address. What comes from outside to another port of a load
     * balancer's address must not go back there.
     */
    private static List<ServiceCase> notFrontends() {
        CaseList cases = new CaseList("not frontends", Scene.of(web()));
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            cases.add(from, CLUSTER_IP, UNDEFINED_PORT, REFUSED)
                    .add(from, CLUSTER_IP, NODE_PORT, REFUSED)
                    .add(from, EXTERNAL_IP, UNDEFINED_PORT, UNTOUCHED)
                    .add(from, EXTERNAL_IP, NODE_PORT, UNTOUCHED)
                    .add(from, LOAD_BALANCER, UNDEFINED_PORT, from == CLIENT ? REFUSED : UNTOUCHED)
                    .add(from, NODE, PORT, UNTOUCHED)
                    .add(from, CLUSTER_IP_2, PORT, UNTOUCHED);
        }
        return cases.add(REMOTE_B, LOAD_BALANCER, UNDEFINED_PORT, REFUSED)
                .add(LOOPBACK, LOOPBACK, NODE_PORT, UNTOUCHED)
                .cases();
    }

    /** Of virtual addresses that no service has, the node may have one itself. */
    private static List<ServiceCase> unallocated() {
        Scene scene = Scene.of(web()).ranged(true);
        CaseList cases = new CaseList("ranges of virtual addresses", scene);
        CaseList own =
                new CaseList("ranges of virtual addresses, of which the node has one", scene.owning(CLUSTER_IP_2));
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            cases.add(from, CLUSTER_IP_2, PORT, DROPPED)
                    .add(from, CLUSTER_IP, UNDEFINED_PORT, REFUSED)
                    .add(from, EXTERNAL_IP, UNDEFINED_PORT, UNTOUCHED);
            own.add(from, CLUSTER_IP_2, PORT, UNTOUCHED);
        }
        cases.add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A));
        return Stream.of(cases.cases(), own.cases()).flatMap(List::stream).toList();
    }

    /** Clients inside use all endpoints and keep their addresses. */
    private static List<ServiceCase> externalLocal() {
        CaseList cases = new CaseList("external policy Local", Scene.of(web().external(LOCAL)))
                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(NODE, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, masqueraded(POD_A, REMOTE_A));
        for (Place to : List.of(NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            cases.add(POD_B, to, reaches(POD_A, REMOTE_A))
                    .add(POD_A, to, either(masqueraded(POD_A), reaches(REMOTE_A)))
                    .add(NODE, to, masqueraded(POD_A, REMOTE_A))
                    .add(CLIENT, to, reaches(POD_A))
                    .add(REMOTE_B, to, reaches(POD_A));
        }
        return cases.cases();
    }

    private static List<ServiceCase> externalLocalElsewhere() {
        ServiceDraft elsewhere = ServiceDraft.web(ready(REMOTE_A)).external(LOCAL);
        CaseList cases = new CaseList("external policy Local, endpoints elsewhere", Scene.of(elsewhere))
                .add(CLIENT, CLUSTER_IP, masqueraded(REMOTE_A));
        for (Place to : List.of(NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            cases.add(POD_B, to, reaches(REMOTE_A))
                    .add(NODE, to, masqueraded(REMOTE_A))
                    .add(CLIENT, to, DROPPED);
        }
        return cases.cases();
    }

    private static List<ServiceCase> internalLocal() {
        CaseList cases = new CaseList("internal policy Local", Scene.of(web().internal(LOCAL)))
                .add(POD_B, CLUSTER_IP, reaches(POD_A))
                .add(POD_A, CLUSTER_IP, masqueraded(POD_A))
                .add(NODE, CLUSTER_IP, reaches(POD_A))
                .add(CLIENT, CLUSTER_IP, masqueraded(POD_A));
        for (Place to : List.of(NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            for (Place from : List.of(POD_B, NODE, CLIENT)) {
                cases.add(from, to, masqueraded(POD_A, REMOTE_A));
            }
        }
        return cases.cases();
    }

    private static List<ServiceCase> internalLocalElsewhere() {
        ServiceDraft elsewhere = ServiceDraft.web(ready(REMOTE_A)).internal(LOCAL);
        return new CaseList("internal policy Local, endpoints elsewhere", Scene.of(elsewhere))
                .add(POD_B, CLUSTER_IP, DROPPED)
                .add(NODE, CLUSTER_IP, DROPPED)
                .add(CLIENT, CLUSTER_IP, DROPPED)
                .add(CLIENT, NODE, masqueraded(REMOTE_A))
                .cases();
    }

    private static List<ServiceCase> withoutEndpoints() {
        CaseList cases = new CaseList("without endpoints", Scene.of(ServiceDraft.web(new EndpointDraft[0])));
        CaseList local = new CaseList(
                "without endpoints, both policies Local",
                Scene.of(ServiceDraft.web(new EndpointDraft[0]).internal(LOCAL).external(LOCAL)));
        for (Place to : List.of(CLUSTER_IP, NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            for (Place from : List.of(POD_B, NODE, CLIENT)) {
                cases.add(from, to, REFUSED);
                local.add(from, to, REFUSED);
            }
        }
        return Stream.of(cases.cases(), local.cases()).flatMap(List::stream).toList();
    }

    /** They count for the load balancer's address alone. The node's own InternalIP is not among them. */
    private static List<ServiceCase> sourceRanges() {
        Set<Outcome> masqueraded = masqueraded(POD_A, REMOTE_A);
        CaseList cases = new CaseList("source ranges", Scene.of(web().allowing(CLIENT)))
                .add(CLIENT, LOAD_BALANCER, masqueraded)
                .add(STRANGER, LOAD_BALANCER, DROPPED)
                .add(POD_B, LOAD_BALANCER, DROPPED)
                .add(NODE, LOAD_BALANCER, DROPPED)
                .add(STRANGER, CLUSTER_IP, masqueraded)
                .add(STRANGER, NODE, masqueraded)
                .add(STRANGER, EXTERNAL_IP, masqueraded);
        ServiceDraft local = web().allowing(CLIENT, POD_B).external(LOCAL);
        return Stream.of(
                        cases.cases(),
                        new CaseList("source ranges, external policy Local", Scene.of(local))
                                .add(CLIENT, LOAD_BALANCER, reaches(POD_A))
                                .add(POD_B, LOAD_BALANCER, reaches(POD_A, REMOTE_A))
                                .add(STRANGER, LOAD_BALANCER, DROPPED)
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    /** A node that may connect may do so with the load balancer's address as its source (kube-proxy's allowFromNode). */
    private static List<ServiceCase> sourceRangesOfTheNode() {
        Set<Outcome> masqueraded = masqueraded(POD_A, REMOTE_A);
        Scene allowed = Scene.of(web().allowing(NODE)).owning(LOAD_BALANCER);
        Scene others = Scene.of(web().allowing(CLIENT)).owning(LOAD_BALANCER);
        return Stream.of(
                        new CaseList("source ranges with the node", allowed)
                                .add(NODE, LOAD_BALANCER, masqueraded)
                                .add(LOAD_BALANCER, LOAD_BALANCER, masqueraded)
                                .add(CLIENT, LOAD_BALANCER, DROPPED)
                                .cases(),
                        new CaseList("source ranges without the node, which has the address", others)
                                .add(LOAD_BALANCER, LOAD_BALANCER, DROPPED)
                                .add(CLIENT, LOAD_BALANCER, masqueraded)
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    /** Somebody announces the address by giving it to a node. */
    private static List<ServiceCase> ownLoadBalancer() {
        Scene scene = Scene.of(ServiceDraft.web(new EndpointDraft[0])).owning(LOAD_BALANCER);
        CaseList empty = new CaseList("without endpoints, and the node has the load balancer's address", scene);
        Scene served = Scene.of(web()).owning(LOAD_BALANCER);
        CaseList full = new CaseList("the node has the load balancer's address", served);
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            empty.add(from, LOAD_BALANCER, REFUSED);
            full.add(from, LOAD_BALANCER, masqueraded(POD_A, REMOTE_A))
                    .add(from, LOAD_BALANCER, UNDEFINED_PORT, UNTOUCHED);
        }
        return Stream.of(empty.cases(), full.cases()).flatMap(List::stream).toList();
    }

    /** A port of another protocol is another port. */
    private static List<ServiceCase> oneProtocol() {
        CaseList cases = new CaseList("TCP alone", Scene.of(web().only(Protocol.TCP)));
        for (Protocol protocol : List.of(Protocol.UDP, Protocol.SCTP)) {
            cases.only(protocol, POD_B, CLUSTER_IP, PORT, REFUSED)
                    .only(protocol, CLIENT, NODE, NODE_PORT, UNTOUCHED)
                    .only(protocol, CLIENT, EXTERNAL_IP, PORT, UNTOUCHED);
        }
        return cases.only(Protocol.TCP, CLIENT, NODE, NODE_PORT, masqueraded(POD_A, REMOTE_A))
                .cases();
    }

    /** Two services share an external address, at different ports; the port of one is the node port of the other. */
    private static List<ServiceCase> twoServices() {
        ServiceDraft other = ServiceDraft.other(EXTERNAL_IP, UNDEFINED_PORT, NODE_PORT + 1, ready(POD_B));
        ServiceDraft atNodePort = ServiceDraft.other(EXTERNAL_IP_2, NODE_PORT, NODE_PORT + 1, ready(POD_B));
        return Stream.of(
                        new CaseList("two services at one external address", Scene.of(web(), other))
                                .add(CLIENT, EXTERNAL_IP, masqueraded(POD_A, REMOTE_A))
                                .add(CLIENT, EXTERNAL_IP, UNDEFINED_PORT, masqueraded(POD_B))
                                .add(POD_A, CLUSTER_IP_2, UNDEFINED_PORT, reaches(POD_B))
                                .add(POD_A, CLUSTER_IP, UNDEFINED_PORT, REFUSED)
                                .add(CLIENT, NODE, NODE_PORT + 1, masqueraded(POD_B))
                                .cases(),
                        new CaseList(
                                        "a frontend with the number of a node port",
                                        Scene.of(web(), atNodePort).owning(EXTERNAL_IP_2))
                                .add(CLIENT, EXTERNAL_IP_2, NODE_PORT, masqueraded(POD_B))
                                .add(CLIENT, NODE, NODE_PORT, masqueraded(POD_A, REMOTE_A))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }
}
