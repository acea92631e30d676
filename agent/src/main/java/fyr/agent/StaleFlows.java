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
 * Removes tracked flows to endpoints that are no longer in the plan. UDP has no end of a connection: a client that keeps its socket would
 * send to a removed endpoint for as long as it sends (kubernetes/kubernetes#139628: thirteen hours). TCP and SCTP need this only while
 * nobody has answered: retransmissions go to the removed endpoint for the two minutes that the entry lives, and so do later connections
 * from the same port. An established connection keeps its endpoint, which may still answer and closes the connection when it ends.
 *
 * <p>For a deleted service, only the previous plan knows which flows belonged to it. The flows of a service that was deleted while no agent
 * ran are not known.
 *
 * <p>Used by one thread, which it blocks while the table is read.
 */
final class StaleFlows {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Conntrack conntrack;
    private Optional<ServicePlan> last = Optional.empty();

    StaleFlows(Conntrack conntrack) {
        this.conntrack = conntrack;
    }

    /** The result of a pass. */
    enum Outcome {
        NOTHING_TO_DO,
        DONE
    }

    /**
     * Follows a plan that the packet rules already implement. The table is read at the start, and after that only if a service changed in a
     * way that leaves flows.
     *
     * @throws KernelException if that fails; it is to be retried then, and the plan that the flows are left over from is kept
     */
    Outcome follow(Parts parts) {
        ServicePlan plan = parts.services();
        ServiceFlows flows =
                ServiceFlows.between(last.orElseGet(() -> ServicePlan.empty(plan.elsewhere())), plan, addresses(parts));
        Outcome outcome = remove(flows);
        last = Optional.of(plan);
        return outcome;
    }

    private Outcome remove(ServiceFlows flows) {
        boolean all = flows.possible(Protocol.UDP);
        boolean unreplied = flows.possible(Protocol.TCP) || flows.possible(Protocol.SCTP);
        if (!all && !unreplied) {
            return Outcome.NOTHING_TO_DO;
        }
        int removed = all ? conntrack.delete(Protocol.UDP.number(), flows::stale) : 0;
        removed += unreplied ? conntrack.deleteUnreplied(flows::stale) : 0;
        if (removed > 0) {
            LOG.log(Level.INFO, "removed {0} flows to endpoints that are gone", removed);
        }
        return Outcome.DONE;
    }

    private static List<IpAddress> addresses(Parts parts) {
        return parts.routing()
                .nodes()
                .get(parts.identity().name())
                .map(Node::addresses)
                .orElse(List.of());
    }
}
