package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.TableId;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Protocol;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** All cases with real packets for one back end. The world is made once, and the plan changes from case to case, as on a node. */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class ServiceCasePackets implements AutoCloseable {

    /** Those of which the tests have sockets. */
    private static final Set<Protocol> PROTOCOLS = EnumSet.of(Protocol.TCP, Protocol.UDP);

    private final LinuxKernel kernel = LinuxKernel.open();
    private final PacketWorld world = new PacketWorld();
    private final BackEnd backEnd;
    private KernelPlan plan = KernelPlan.empty();

    ServiceCasePackets(BackEnd backEnd) throws Exception {
        this.backEnd = backEnd;
    }

    /** What is not as expected, by case. */
    List<String> deviations() throws Exception {
        List<String> deviations = new ArrayList<>();
        for (ServiceCase one : ServiceCases.all()) {
            for (Place place : one.scene().ownAlso()) {
                PacketWorld.own("add", place);
            }
            for (Family family : Family.values()) {
                for (Protocol protocol : one.protocols()) {
                    if (PROTOCOLS.contains(protocol)) {
                        judge(one, family, protocol, deviations);
                    }
                }
            }
            for (Place place : one.scene().ownAlso()) {
                PacketWorld.own("del", place);
            }
        }
        return deviations;
    }

    private void judge(ServiceCase one, Family family, Protocol protocol, List<String> deviations) throws Exception {
        PacketWay way = new PacketWay(world, one, family, protocol);
        List<KernelPlan> plans = CompiledScene.of(backEnd, one.scene(), family).kernel();
        if (one.sticky()) {
            follow(plans.getFirst());
            PacketWorld.sh(backEnd.forgetClients());
        }
        for (KernelPlan before : plans.subList(0, plans.size() - 1)) {
            follow(before);
            way.outcomes();
        }
        follow(plans.getLast());
        TrackedConnections.forget();
        Set<Outcome> seen = way.outcomes();
        Set<Outcome> tracked = TrackedConnections.outcomes(one, family, protocol);
        boolean asExpected =
                one.sticky() ? seen.size() == 1 && one.expected().containsAll(seen) : seen.equals(one.expected());
        if (!asExpected || !tracked.equals(goneSomewhere(seen))) {
            deviations.add(one + " " + family + " " + protocol + ": expected " + one.expected() + ", clients saw "
                    + seen + ", conntrack shows " + tracked);
        }
    }

    private static Set<Outcome> goneSomewhere(Set<Outcome> outcomes) {
        return outcomes.equals(Outcome.REFUSED) || outcomes.equals(Outcome.DROPPED) ? Set.of() : outcomes;
    }

    private void follow(KernelPlan next) {
        backEnd.tables().forEach(table -> follow(table, next));
        plan = next;
    }

    private <K extends Comparable<? super K>, V> void follow(TableId<K, V> table, KernelPlan next) {
        assertThat(next.ids()).contains(table);
        kernel.table(table).apply(Delta.between(plan.table(table), next.table(table)));
    }

    @Override
    public void close() throws Exception {
        kernel.close();
        world.close();
    }
}
