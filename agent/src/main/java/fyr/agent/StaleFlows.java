package fyr.agent;

import fyr.compiler.Parts;
import fyr.compiler.service.ServiceFlows;
import fyr.compiler.service.ServicePlan;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Removes tracked flows that go where no plan leads any more. UDP has no end of a connection: a client that keeps its socket would
 * send to nowhere for as long as it sends (kubernetes/kubernetes#139628: thirteen hours). TCP and SCTP need it while nobody has answered:
 * what the client sends again goes to the endpoint that is gone, for the two minutes that the entry lives, and so does what it sends
 * later from the same port. An established connection keeps its endpoint: that is told by its end, and may still answer.
 *
 * <p>Of a service that is gone only the plan before knows which flows were its own. Nobody knows of one that went while no agent ran.
 *
 * <p>Used by one thread, which it keeps busy for as long as the table is read.
 */
final class StaleFlows {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Conntrack conntrack;
    private Optional<ServicePlan> last = Optional.empty();

    StaleFlows(Conntrack conntrack) {
        this.conntrack = conntrack;
    }

    /** What came of a look. */
    enum Outcome {
        NOTHING_TO_DO,
        DONE,
        /** To be tried again: the plan that flows are a remainder of is kept. */
        FAILED
    }

    /** Follows a plan that the packet rules follow. The table is read only if a service changed in a way that leaves flows, and at the start. */
    Outcome follow(Parts parts) {
        ServicePlan plan = parts.services();
        ServiceFlows flows =
                ServiceFlows.between(last.orElseGet(() -> ServicePlan.empty(plan.elsewhere())), plan, addresses(parts));
        Outcome outcome = remove(flows);
        if (outcome != Outcome.FAILED) {
            last = Optional.of(plan);
        }
        return outcome;
    }

    private Outcome remove(ServiceFlows flows) {
        boolean all = flows.possible(Protocol.UDP);
        boolean unreplied = flows.possible(Protocol.TCP) || flows.possible(Protocol.SCTP);
        if (!all && !unreplied) {
            return Outcome.NOTHING_TO_DO;
        }
        try {
            int removed = all ? conntrack.delete(Protocol.UDP.number(), flows::stale) : 0;
            removed += unreplied ? conntrack.deleteUnreplied(flows::stale) : 0;
            if (removed > 0) {
                LOG.log(Level.INFO, "removed {0} flows to endpoints that are gone", removed);
            }
            return Outcome.DONE;
        } catch (KernelException e) {
            LOG.log(Level.WARNING, "flows to endpoints that are gone not removed, tried again: {0}", e.getMessage());
            return Outcome.FAILED;
        }
    }

    private static List<IpAddress> addresses(Parts parts) {
        return parts.routing()
                .nodes()
                .get(parts.identity().name())
                .map(Node::addresses)
                .orElse(List.of());
    }
}
