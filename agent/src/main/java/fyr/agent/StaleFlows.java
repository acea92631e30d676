package fyr.agent;

import fyr.compiler.NodePlan;
import fyr.compiler.Parts;
import fyr.compiler.service.ServiceFlows;
import fyr.compiler.service.ServicePlan;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Removes tracked UDP flows that go where no plan leads any more. UDP has no end of a connection: a client that keeps its socket would
 * send to nowhere for as long as it sends (kubernetes/kubernetes#139628: thirteen hours). TCP needs none of this: the client notices.
 *
 * <p>Of a service that is gone only the plan before knows which flows were its own. Nobody knows of one that went while no agent ran.
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
            follow(whole.parts());
        }
    }

    /** What could not be removed is looked for again after the next round: the plan that it is a remainder of is kept. */
    private void follow(Parts parts) {
        ServicePlan plan = parts.services();
        boolean look = last.map(before -> udpChanged(before, plan)).orElse(true);
        if (!look || removed(ServiceFlows.of(Protocol.UDP, last.orElse(plan), plan, addresses(parts)))) {
            last = Optional.of(plan);
        }
    }

    private boolean removed(ServiceFlows flows) {
        try {
            int removed = conntrack.delete(Protocol.UDP.number(), flows::stale);
            if (removed > 0) {
                LOG.log(Level.INFO, "removed {0} UDP flows to endpoints that are gone", removed);
            }
            return true;
        } catch (KernelException e) {
            LOG.log(Level.WARNING, "stale UDP flows not removed: {0}", e.getMessage());
            return false;
        }
    }

    private static List<IpAddress> addresses(Parts parts) {
        return parts.routing()
                .nodes()
                .get(parts.identity().name())
                .map(Node::addresses)
                .orElse(List.of());
    }

    private static boolean udpChanged(ServicePlan before, ServicePlan after) {
        boolean[] changed = {false};
        after.services()
                .differences(
                        before.services(), (name, _, _) -> changed[0] |= hasUdp(before, name) || hasUdp(after, name));
        after.slices()
                .differences(
                        before.slices(), (name, _, _) -> changed[0] |= hasUdp(before, name) || hasUdp(after, name));
        return changed[0];
    }

    private static boolean hasUdp(ServicePlan plan, NamespacedName service) {
        return plan.services().get(service).stream()
                .flatMap(found -> found.ports().stream())
                .anyMatch(port -> port.protocol() == Protocol.UDP);
    }
}
