package fyr.compiler.service.cases;

import fyr.model.Protocol;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cases with real packets. The world is made once. */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class ServiceCasePackets implements AutoCloseable {

    /** Those of which the tests have sockets. */
    private static final Set<Protocol> PROTOCOLS = EnumSet.of(Protocol.TCP, Protocol.UDP);

    private final PacketWorld world = new PacketWorld();
    private final ServingNode node;
    private boolean served;

    /** A case that did not end as it says. */
    record Deviation(ServiceCase asked, Family family, Protocol protocol, Set<Outcome> seen, Set<Outcome> tracked) {
        @Override
        public String toString() {
            return asked + " " + family + " " + protocol + ": expected " + asked.expected() + ", clients saw " + seen
                    + ", conntrack shows " + tracked;
        }
    }

    /** Begins the service of the node under test in a world that is ready. */
    interface Start {
        ServingNode node() throws Exception;
    }

    ServiceCasePackets(Start start) throws Exception {
        node = start.node();
    }

    /** What is not as expected, of all cases. */
    List<Deviation> deviations() throws Exception {
        return deviations(ServiceCases.all().stream(), EnumSet.allOf(Family.class));
    }

    /** What is not as expected in these families. */
    List<Deviation> deviations(Stream<ServiceCase> cases, Set<Family> families) throws Exception {
        Map<Scene, List<ServiceCase>> byScene =
                cases.collect(Collectors.groupingBy(ServiceCase::scene, LinkedHashMap::new, Collectors.toList()));
        List<Deviation> deviations = new ArrayList<>();
        for (Map.Entry<Scene, List<ServiceCase>> entry : byScene.entrySet()) {
            for (Place place : entry.getKey().ownAlso()) {
                PacketWorld.own("add", place);
            }
            for (Family family : families) {
                served = false;
                for (ServiceCase one : entry.getValue()) {
                    for (Protocol protocol : one.protocols()) {
                        if (PROTOCOLS.contains(protocol)) {
                            judge(one, family, protocol, deviations);
                        }
                    }
                }
            }
            for (Place place : entry.getKey().ownAlso()) {
                PacketWorld.own("del", place);
            }
        }
        return deviations;
    }

    private void judge(ServiceCase one, Family family, Protocol protocol, List<Deviation> deviations) throws Exception {
        PacketWay way = new PacketWay(world, one, family, protocol);
        serve(one, family, way);
        TrackedConnections.forget();
        Set<Outcome> seen = way.outcomes();
        Set<Outcome> tracked = TrackedConnections.outcomes(one, family, protocol);
        boolean asExpected =
                one.sticky() ? seen.size() == 1 && one.expected().containsAll(seen) : seen.equals(one.expected());
        if (!asExpected || !tracked.equals(goneSomewhere(seen))) {
            deviations.add(new Deviation(one, family, protocol, seen, tracked));
        }
    }

    /** The rules are written once for all cases of a scene, except where connections before make a difference. */
    private void serve(ServiceCase one, Family family, PacketWay way) throws Exception {
        boolean changes = !one.scene().earlier().isEmpty();
        if (one.sticky()) {
            node.forgetClients();
        }
        if (changes) {
            node.serve(one.scene(), family, true);
            way.outcomes();
        }
        if (!served || changes || one.sticky()) {
            node.serve(one.scene(), family, false);
            served = true;
        }
    }

    private static Set<Outcome> goneSomewhere(Set<Outcome> outcomes) {
        return outcomes.equals(Outcome.REFUSED) || outcomes.equals(Outcome.DROPPED) ? Set.of() : outcomes;
    }

    @Override
    public void close() throws Exception {
        node.close();
        world.close();
    }
}
