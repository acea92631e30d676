package fyr.compiler.service.cases;

import static fyr.compiler.service.cases.EndpointDraft.dead;
import static fyr.compiler.service.cases.EndpointDraft.draining;
import static fyr.compiler.service.cases.EndpointDraft.ready;
import static fyr.compiler.service.cases.EndpointDraft.unready;
import static fyr.compiler.service.cases.Outcome.DROPPED;
import static fyr.compiler.service.cases.Outcome.REFUSED;
import static fyr.compiler.service.cases.Outcome.UNTOUCHED;
import static fyr.compiler.service.cases.Outcome.either;
import static fyr.compiler.service.cases.Outcome.masqueraded;
import static fyr.compiler.service.cases.Outcome.reaches;
import static fyr.compiler.service.cases.Place.CLIENT;
import static fyr.compiler.service.cases.Place.CLUSTER_IP;
import static fyr.compiler.service.cases.Place.EXTERNAL_IP;
import static fyr.compiler.service.cases.Place.LOAD_BALANCER;
import static fyr.compiler.service.cases.Place.NEAR;
import static fyr.compiler.service.cases.Place.NODE;
import static fyr.compiler.service.cases.Place.POD_A;
import static fyr.compiler.service.cases.Place.POD_B;
import static fyr.compiler.service.cases.Place.REMOTE_A;
import static fyr.compiler.service.cases.Place.REMOTE_B;
import static fyr.model.ServiceTraffic.Policy.LOCAL;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which endpoints take connections (TestHealthCheckNodePort aside, the tests of kube-proxy about terminating endpoints, topology, ports and
 * labels: TestTerminatingEndpointsTrafficPolicyLocal and -Cluster, pkg/proxy/topology_test.go, TestBuildServiceMapServiceHeadless).
 */
final class EndpointCases {

    private EndpointCases() {}

    static Stream<ServiceCase> all() {
        return Stream.of(
                        conditions(),
                        terminating(),
                        terminatingLocal(),
                        terminatingElsewhere(),
                        zones(),
                        zonesNotFollowed(),
                        nodes(),
                        ports(),
                        labels(),
                        families(),
                        onTheNode())
                .flatMap(List::stream);
    }

    private static List<ServiceCase> conditions() {
        ServiceDraft service = ServiceDraft.web(ready(REMOTE_A), unready(POD_A), dead(REMOTE_B));
        return new CaseList("one ready endpoint", Scene.of(service))
                .add(POD_B, CLUSTER_IP, reaches(REMOTE_A))
                .add(CLIENT, NODE, masqueraded(REMOTE_A))
                .cases();
    }

    private static List<ServiceCase> terminating() {
        ServiceDraft some = ServiceDraft.web(ready(POD_A), draining(REMOTE_A), dead(REMOTE_B), ready(NEAR));
        ServiceDraft all = ServiceDraft.web(draining(POD_A), draining(REMOTE_A), dead(REMOTE_B), draining(NEAR));
        ServiceDraft none = ServiceDraft.web(dead(POD_A), dead(REMOTE_A));
        return Stream.of(
                        new CaseList("some endpoints terminate", Scene.of(some))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A, NEAR))
                                .add(CLIENT, LOAD_BALANCER, masqueraded(POD_A, NEAR))
                                .cases(),
                        new CaseList("all endpoints terminate", Scene.of(all))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A, REMOTE_A, NEAR))
                                .add(CLIENT, LOAD_BALANCER, masqueraded(POD_A, REMOTE_A, NEAR))
                                .cases(),
                        new CaseList("no endpoint serves", Scene.of(none))
                                .add(POD_B, CLUSTER_IP, REFUSED)
                                .add(CLIENT, LOAD_BALANCER, REFUSED)
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> terminatingLocal() {
        ServiceDraft some = ServiceDraft.web(ready(POD_A), draining(POD_B), draining(REMOTE_A), ready(NEAR));
        ServiceDraft here = ServiceDraft.web(draining(POD_A), ready(NEAR));
        return Stream.of(
                        new CaseList("policies Local, a local endpoint terminates", Scene.of(local(some)))
                                .add(CLIENT, LOAD_BALANCER, reaches(POD_A))
                                .add(NODE, CLUSTER_IP, reaches(POD_A))
                                .cases(),
                        new CaseList("policies Local, all local endpoints terminate", Scene.of(local(here)))
                                .add(CLIENT, LOAD_BALANCER, reaches(POD_A))
                                .add(CLIENT, NODE, reaches(POD_A))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A))
                                .add(POD_B, LOAD_BALANCER, reaches(NEAR))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    /** An endpoint elsewhere takes no connection of the policy Local, but nobody is told that there is none. */
    private static List<ServiceCase> terminatingElsewhere() {
        ServiceDraft elsewhere =
                ServiceDraft.web(draining(REMOTE_A), dead(POD_A)).external(LOCAL);
        ServiceDraft nowhere = ServiceDraft.web(dead(REMOTE_A), dead(POD_A)).external(LOCAL);
        return Stream.of(
                        new CaseList("external policy Local, an endpoint elsewhere terminates", Scene.of(elsewhere))
                                .add(POD_B, CLUSTER_IP, reaches(REMOTE_A))
                                .add(CLIENT, LOAD_BALANCER, DROPPED)
                                .cases(),
                        new CaseList("external policy Local, no endpoint serves", Scene.of(nowhere))
                                .add(POD_B, CLUSTER_IP, REFUSED)
                                .add(CLIENT, LOAD_BALANCER, REFUSED)
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    private static ServiceDraft local(ServiceDraft service) {
        return service.internal(LOCAL).external(LOCAL);
    }

    /** Local clients and those outside alike are led to the endpoints for this node's zone. */
    private static List<ServiceCase> zones() {
        ServiceDraft service = ServiceDraft.web(
                ready(POD_A).forZones("a"),
                ready(NEAR).forZones("a", "c"),
                ready(REMOTE_A).forZones("b"));
        ServiceDraft draining = ServiceDraft.web(
                ready(NEAR).forZones("a"), ready(REMOTE_A).forZones("b"), unready(REMOTE_B), draining(POD_A));
        return Stream.of(
                        new CaseList("hints about zones", Scene.of(service))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A, NEAR))
                                .add(NODE, CLUSTER_IP, reaches(POD_A, NEAR))
                                .add(CLIENT, LOAD_BALANCER, masqueraded(POD_A, NEAR))
                                .cases(),
                        new CaseList("hints about zones, policies Local", Scene.of(local(service)))
                                .add(CLIENT, LOAD_BALANCER, reaches(POD_A))
                                .add(POD_B, LOAD_BALANCER, reaches(POD_A, NEAR))
                                .cases(),
                        new CaseList("hints about zones, but not of endpoints that are not ready", Scene.of(draining))
                                .add(POD_B, CLUSTER_IP, reaches(NEAR))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> zonesNotFollowed() {
        ServiceDraft oneWithout = ServiceDraft.web(ready(NEAR).forZones("a"), ready(REMOTE_A));
        ServiceDraft otherZones =
                ServiceDraft.web(ready(NEAR).forZones("b"), ready(REMOTE_A).forZones("c"));
        Set<Outcome> all = reaches(NEAR, REMOTE_A);
        return Stream.of(
                        new CaseList("an endpoint without hint", Scene.of(oneWithout))
                                .add(POD_B, CLUSTER_IP, all)
                                .cases(),
                        new CaseList("no hint about this zone", Scene.of(otherZones))
                                .add(POD_B, CLUSTER_IP, all)
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> nodes() {
        ServiceDraft service = ServiceDraft.web(
                ready(POD_A).forZones("a").forNodes("self"),
                ready(NEAR).forZones("a").forNodes("near"),
                ready(REMOTE_A).forZones("b").forNodes("other"));
        ServiceDraft elsewhere = ServiceDraft.web(
                ready(NEAR).forZones("a").forNodes("near"),
                ready(REMOTE_A).forZones("b").forNodes("other"));
        return Stream.of(
                        new CaseList("hints about nodes", Scene.of(service))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A))
                                .add(CLIENT, NODE, masqueraded(POD_A))
                                .cases(),
                        new CaseList("hints about other nodes", Scene.of(elsewhere))
                                .add(POD_B, CLUSTER_IP, reaches(NEAR))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    /** A named target port may have another number in each slice (TestUpdateEndpointsMap). */
    private static List<ServiceCase> ports() {
        ServiceDraft service = ServiceDraft.web(
                SliceDraft.of(ready(POD_A)), SliceDraft.of(ready(REMOTE_A)).at(Scene.OTHER_TARGET_PORT));
        ServiceDraft both = ServiceDraft.web(
                SliceDraft.of(ready(POD_A)), SliceDraft.of(ready(POD_A)).at(Scene.OTHER_TARGET_PORT));
        return Stream.of(
                        new CaseList("target ports that differ", Scene.of(service))
                                .add(POD_B, CLUSTER_IP, either(reaches(POD_A), other(REMOTE_A, false)))
                                .add(CLIENT, NODE, either(masqueraded(POD_A), other(REMOTE_A, true)))
                                .cases(),
                        new CaseList("two ports of one pod", Scene.of(both))
                                .add(POD_B, CLUSTER_IP, either(reaches(POD_A), other(POD_A, false)))
                                .cases(),
                        new CaseList(
                                        "an endpoint in two slices",
                                        Scene.of(ServiceDraft.web(
                                                SliceDraft.of(ready(POD_A)), SliceDraft.of(ready(POD_A), ready(NEAR)))))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A, NEAR))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }

    private static Set<Outcome> other(Place endpoint, boolean masqueraded) {
        return Set.of(new Outcome.Reached(endpoint, Scene.OTHER_TARGET_PORT, masqueraded));
    }

    private static List<ServiceCase> labels() {
        ServiceDraft service = ServiceDraft.web(
                SliceDraft.of(ready(POD_A)), SliceDraft.of(ready(REMOTE_A)).ofOtherProxy());
        CaseList theirs = new CaseList(
                "another proxy serves it",
                Scene.of(ServiceDraft.web(ready(POD_A)).ofOtherProxy()));
        CaseList headless =
                new CaseList("headless", Scene.of(ServiceDraft.web(ready(POD_A)).headless()));
        for (Place to : List.of(CLUSTER_IP, NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            theirs.add(CLIENT, to, UNTOUCHED);
            headless.add(CLIENT, to, UNTOUCHED);
        }
        return Stream.of(
                        new CaseList("a slice with the headless label", Scene.of(service))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A))
                                .add(CLIENT, NODE, masqueraded(POD_A))
                                .cases(),
                        theirs.cases(),
                        headless.cases())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ServiceCase> families() {
        ServiceDraft both = ServiceDraft.web(
                        SliceDraft.of(ready(POD_A)),
                        SliceDraft.of(ready(REMOTE_A)).ofOtherFamily())
                .ofBothFamilies();
        ServiceDraft other = ServiceDraft.web(SliceDraft.of(ready(REMOTE_A)).ofOtherFamily())
                .ofBothFamilies()
                .external(LOCAL);
        CaseList alone = new CaseList("both families, endpoints of the other one", Scene.of(other));
        for (Place to : List.of(CLUSTER_IP, NODE, EXTERNAL_IP, LOAD_BALANCER)) {
            alone.add(CLIENT, to, REFUSED);
        }
        return Stream.of(
                        new CaseList("both families", Scene.of(both))
                                .add(POD_B, CLUSTER_IP, reaches(POD_A))
                                .add(CLIENT, NODE, masqueraded(POD_A))
                                .cases(),
                        alone.cases())
                .flatMap(List::stream)
                .toList();
    }

    /** A pod on the node's own network. What comes from elsewhere and ends at the node need not be masqueraded. */
    private static List<ServiceCase> onTheNode() {
        ServiceDraft service = ServiceDraft.web(ready(NODE), ready(REMOTE_A));
        CaseList cases = new CaseList("an endpoint on the node's own network", Scene.of(service))
                .add(POD_B, CLUSTER_IP, reaches(NODE, REMOTE_A))
                .add(CLIENT, CLUSTER_IP, either(reaches(NODE), masqueraded(REMOTE_A)))
                .add(CLIENT, NODE, either(reaches(NODE), masqueraded(REMOTE_A)));
        ServiceDraft local = service.external(LOCAL);
        return Stream.of(
                        cases.cases(),
                        new CaseList("an endpoint on the node's own network, external policy Local", Scene.of(local))
                                .add(CLIENT, LOAD_BALANCER, reaches(NODE))
                                .cases())
                .flatMap(List::stream)
                .toList();
    }
}
