package fyr.compiler.service.cases;

import static fyr.compiler.service.cases.EndpointDraft.ready;
import static fyr.compiler.service.cases.Outcome.REFUSED;
import static fyr.compiler.service.cases.Outcome.UNTOUCHED;
import static fyr.compiler.service.cases.Outcome.masqueraded;
import static fyr.compiler.service.cases.Outcome.reaches;
import static fyr.compiler.service.cases.Place.CLIENT;
import static fyr.compiler.service.cases.Place.CLUSTER_IP;
import static fyr.compiler.service.cases.Place.LOAD_BALANCER;
import static fyr.compiler.service.cases.Place.NEAR;
import static fyr.compiler.service.cases.Place.NODE;
import static fyr.compiler.service.cases.Place.POD_A;
import static fyr.compiler.service.cases.Place.POD_B;
import static fyr.compiler.service.cases.Place.REMOTE_A;
import static fyr.compiler.service.cases.Place.REMOTE_B;
import static fyr.compiler.service.cases.Place.SECOND;
import static fyr.compiler.service.cases.Place.STRANGER;
import static fyr.compiler.service.cases.Scene.NODE_PORT;
import static fyr.compiler.service.cases.Scene.PORT;
import static fyr.model.ServiceTraffic.Policy.LOCAL;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Affinity, and what the operator of a node decides (TestNodePorts with nodePortAddresses, TestInternalExternalMasquerade with masqueradeAll,
 * TestSessionAffinity of kube-proxy).
 */
final class OptionCases {

    private OptionCases() {}

    static Stream<ServiceCase> all() {
        return Stream.of(
                        masqueradeAll(),
                        nodePortsAt("node ports at the InternalIP", new NodePorts.At(true, List.of())),
                        nodePortsAt("node ports within a prefix", new NodePorts.At(false, subnets(NODE))),
                        localPrefixes(),
                        localLink(),
                        localLinkPrefix(),
                        affinity(),
                        affinityWithPolicies(),
                        affinityToAnEndpointThatIsGone())
                .flatMap(List::stream);
    }

    private static ServiceDraft web() {
        return ServiceDraft.web(ready(POD_A), ready(REMOTE_A));
    }

    private static List<Prefix> subnets(Place... places) {
        return Stream.of(places)
                .flatMap(place -> Stream.of(Family.values()).map(place::subnet))
                .toList();
    }

    private static ServiceOptions local(LocalTraffic local) {
        return new ServiceOptions(new NodePorts.Everywhere(), false, local);
    }

    private static List<ServiceCase> masqueradeAll() {
        ServiceOptions options = new ServiceOptions(new NodePorts.Everywhere(), true, new LocalTraffic.NodeBlocks());
        Set<Outcome> masqueraded = masqueraded(POD_A, REMOTE_A);
        CaseList cases = new CaseList("masquerade all", Scene.of(web()).with(options));
        for (Place from : List.of(POD_A, POD_B, NODE, CLIENT)) {
            cases.add(from, CLUSTER_IP, masqueraded);
        }
        CaseList local = new CaseList(
                        "masquerade all, policies Local",
                        Scene.of(web().external(LOCAL).internal(LOCAL)).with(options))
                .add(POD_B, CLUSTER_IP, masqueraded(POD_A))
                .add(CLIENT, LOAD_BALANCER, reaches(POD_A))
                .add(POD_B, LOAD_BALANCER, reaches(POD_A, REMOTE_A));
        return Stream.of(cases.cases(), local.cases()).flatMap(List::stream).toList();
    }

    /** Other addresses of the node have no node ports, with or without endpoints. */
    private static List<ServiceCase> nodePortsAt(String title, NodePorts nodePorts) {
        ServiceOptions options = new ServiceOptions(nodePorts, false, new LocalTraffic.NodeBlocks());
        CaseList served = new CaseList(title, Scene.of(web()).with(options));
        CaseList empty = new CaseList(
                title + ", without endpoints",
                Scene.of(ServiceDraft.web(new EndpointDraft[0])).with(options));
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            served.add(from, NODE, masqueraded(POD_A, REMOTE_A)).add(from, SECOND, UNTOUCHED);
            empty.add(from, NODE, REFUSED).add(from, SECOND, UNTOUCHED);
        }
        return Stream.of(served.cases(), empty.cases()).flatMap(List::stream).toList();
    }

    /** Pods of all nodes, as kube-proxy's ClusterCIDR has them. */
    private static List<ServiceCase> localPrefixes() {
        ServiceOptions options = local(new LocalTraffic.Prefixes(subnets(POD_A, REMOTE_A)));
        CaseList cases = new CaseList("pods known by prefixes", Scene.of(web()).with(options))
                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, masqueraded(POD_A, REMOTE_A));
        Scene alone = Scene.of(ServiceDraft.web(ready(POD_A))).with(options);
        CaseList fromOtherNodes = new CaseList("pods of other nodes known by prefixes", alone)
                .add(REMOTE_B, CLUSTER_IP, reaches(POD_A))
                .add(NEAR, CLUSTER_IP, masqueraded(POD_A));
        return Stream.of(
                        cases.cases(),
                        fromOtherNodes.cases(),
                        policyLocal("pods known by prefixes, external policy Local", options))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> localLink() {
        ServiceOptions options = local(new LocalTraffic.Link(Place.Side.POD_B.link()));
        CaseList cases = new CaseList("pods known by one link", Scene.of(web()).with(options))
                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(POD_A, CLUSTER_IP, masqueraded(POD_A, REMOTE_A))
                .add(NODE, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, masqueraded(POD_A, REMOTE_A));
        return Stream.of(cases.cases(), policyLocal("pods known by one link, external policy Local", options))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> localLinkPrefix() {
        ServiceOptions options = local(new LocalTraffic.LinkPrefix("fyr"));
        CaseList cases = new CaseList(
                        "pods known by names of links", Scene.of(web()).with(options))
                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, masqueraded(POD_A, REMOTE_A))
                .add(REMOTE_B, CLUSTER_IP, masqueraded(POD_A, REMOTE_A));
        return Stream.of(cases.cases(), policyLocal("pods known by names of links, external policy Local", options))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> policyLocal(String title, ServiceOptions options) {
        CaseList cases = new CaseList(title, Scene.of(web().external(LOCAL)).with(options));
        for (Place to : List.of(NODE, LOAD_BALANCER)) {
            cases.add(POD_B, to, reaches(POD_A, REMOTE_A)).add(CLIENT, to, reaches(POD_A));
        }
        return cases.cases();
    }

    private static List<ServiceCase> affinity() {
        ServiceDraft service = web().affine(Duration.ofHours(3));
        CaseList cases = new CaseList("affinity", Scene.of(service))
                .affine(POD_B, CLUSTER_IP, PORT, reaches(POD_A, REMOTE_A))
                .affine(NODE, CLUSTER_IP, PORT, reaches(POD_A, REMOTE_A));
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            cases.affine(from, NODE, NODE_PORT, masqueraded(POD_A, REMOTE_A))
                    .affine(from, LOAD_BALANCER, PORT, masqueraded(POD_A, REMOTE_A));
        }
        return cases.cases();
    }

    /** Where clients inside and outside have different endpoints, each keeps one of its own. */
    private static List<ServiceCase> affinityWithPolicies() {
        ServiceDraft service = ServiceDraft.web(ready(POD_A), ready(POD_B), ready(REMOTE_A), ready(NEAR))
                .external(LOCAL)
                .affine(Duration.ofSeconds(60));
        ServiceDraft onNode = ServiceDraft.web(ready(NODE), ready(REMOTE_A)).affine(Duration.ofSeconds(60));
        CaseList cases = new CaseList("affinity, external policy Local", Scene.of(service));
        for (int port : List.of(NODE_PORT, PORT)) {
            Place to = port == PORT ? LOAD_BALANCER : NODE;
            cases.affine(CLIENT, to, port, reaches(POD_A, POD_B))
                    .affine(STRANGER, to, port, reaches(POD_A, POD_B))
                    .affine(NODE, to, port, masqueraded(POD_A, POD_B, REMOTE_A, NEAR));
        }
        CaseList atNode = new CaseList("affinity to an endpoint on the node's own network", Scene.of(onNode))
                .affine(POD_B, CLUSTER_IP, PORT, reaches(NODE, REMOTE_A))
                .affine(POD_B, NODE, NODE_PORT, Outcome.either(reaches(NODE), masqueraded(REMOTE_A)));
        return Stream.of(cases.cases(), atNode.cases()).flatMap(List::stream).toList();
    }

    /** Then it goes to another one, and keeps that one. */
    private static List<ServiceCase> affinityToAnEndpointThatIsGone() {
        Duration time = Duration.ofSeconds(60);
        ServiceDraft before = ServiceDraft.web(ready(REMOTE_B)).affine(time);
        ServiceDraft now = web().affine(time);
        ServiceDraft localBefore =
                ServiceDraft.web(ready(REMOTE_B), ready(POD_B)).affine(time).external(LOCAL);
        ServiceDraft localNow = ServiceDraft.web(ready(POD_A), ready(REMOTE_A), ready(NEAR))
                .affine(time)
                .external(LOCAL);
        ServiceDraft onNode = ServiceDraft.web(ready(NODE), ready(REMOTE_A)).affine(time);
        ServiceDraft clusterBefore = ServiceDraft.web(ready(REMOTE_A)).affine(time);
        ServiceDraft policyNow = ServiceDraft.web(ready(POD_A), ready(POD_B), ready(REMOTE_A))
                .affine(time)
                .external(LOCAL);
        ServiceDraft policyOnNode = ServiceDraft.web(ready(NODE), ready(POD_B), ready(REMOTE_A))
                .affine(time)
                .external(LOCAL);
        return Stream.of(
                        new CaseList(
                                        "affinity, the external policy becomes Local, an endpoint on the node",
                                        Scene.of(policyOnNode).after(clusterBefore))
                                .affine(CLIENT, NODE, NODE_PORT, reaches(NODE, POD_B))
                                .affine(CLIENT, LOAD_BALANCER, PORT, reaches(NODE, POD_B))
                                .cases(),
                        new CaseList(
                                        "affinity, the external policy becomes Local",
                                        Scene.of(policyNow).after(clusterBefore))
                                .affine(CLIENT, NODE, NODE_PORT, reaches(POD_A, POD_B))
                                .affine(CLIENT, LOAD_BALANCER, PORT, reaches(POD_A, POD_B))
                                .cases(),
                        new CaseList(
                                        "affinity to an endpoint that is gone, and one on the node",
                                        Scene.of(onNode).after(before))
                                .affine(POD_B, CLUSTER_IP, PORT, reaches(NODE, REMOTE_A))
                                .cases(),
                        new CaseList(
                                        "affinity to an endpoint that is gone",
                                        Scene.of(now).after(before))
                                .affine(POD_B, CLUSTER_IP, PORT, reaches(POD_A, REMOTE_A))
                                .affine(CLIENT, NODE, NODE_PORT, masqueraded(POD_A, REMOTE_A))
                                .affine(POD_B, LOAD_BALANCER, PORT, masqueraded(POD_A, REMOTE_A))
                                .cases(),
                        new CaseList(
                                        "affinity to an endpoint that is gone, external policy Local",
                                        Scene.of(localNow).after(localBefore))
                                .affine(NODE, NODE, NODE_PORT, masqueraded(POD_A, REMOTE_A, NEAR))
                                .affine(POD_B, LOAD_BALANCER, PORT, reaches(POD_A, REMOTE_A, NEAR))
                                .affine(CLIENT, LOAD_BALANCER, PORT, reaches(POD_A))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }
}
