package fyr.agent;

import fyr.compiler.NodePlan;
import fyr.compiler.service.ServiceLookup;
import fyr.compiler.service.ServicePlan;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Removes tracked UDP flows that go to an endpoint which is gone. UDP has no end of a connection: a client that keeps its socket would
 * send to nowhere for as long as it sends (kubernetes/kubernetes#139628: thirteen hours). TCP needs none of this: the client notices.
 */
final class StaleFlows {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Conntrack conntrack;
    private Optional<ServicePlan> last = Optional.empty();

    StaleFlows(Conntrack conntrack) {
        this.conntrack = conntrack;
    }

    /** Called after every round. The table is read only if a service with a UDP port changed, and once at the start. */
    void follow(Round round) {
        if (round instanceof Round.Followed(NodePlan whole)) {
            follow(whole.parts().services());
        }
    }

    private void follow(ServicePlan plan) {
        boolean look = last.map(before -> udpChanged(before, plan)).orElse(true);
        last = Optional.of(plan);
        if (look) {
            remove(ServiceLookup.of(plan));
        }
    }

    private void remove(ServiceLookup lookup) {
        try {
            int removed = conntrack.delete(Protocol.UDP.number(), entry -> stale(entry, lookup));
            if (removed > 0) {
                LOG.log(Level.INFO, "removed {0} UDP flows to endpoints that are gone", removed);
            }
        } catch (KernelException e) {
            LOG.log(Level.WARNING, "stale UDP flows not removed: {0}", e.getMessage());
            last = Optional.empty();
        }
    }

    private static boolean stale(ConntrackEntry entry, ServiceLookup lookup) {
        Tuple first = entry.original();
        Tuple answer = entry.reply();
        return lookup.stale(first.destination(), first.protocol(), first.destinationPort(), answer.source(), answer.sourcePort());
    }

    private static boolean udpChanged(ServicePlan before, ServicePlan after) {
        boolean[] changed = {false};
        after.services().differences(before.services(), (name, _, _) -> changed[0] |= hasUdp(before, name) || hasUdp(after, name));
        after.slices().differences(before.slices(), (name, _, _) -> changed[0] |= hasUdp(before, name) || hasUdp(after, name));
        return changed[0];
    }

    private static boolean hasUdp(ServicePlan plan, NamespacedName service) {
        return plan.services().get(service).stream().flatMap(found -> found.ports().stream()).anyMatch(port -> port.protocol() == Protocol.UDP);
    }
}
