package fyr.agent;

import fyr.agent.StaleFlows.Outcome;
import fyr.compiler.NodePlan;
import fyr.compiler.hostport.HostPortFlows;
import fyr.compiler.hostport.HostPortRules;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.Links;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Removes tracked flows to host ports that do not go where the port leads now, for the reasons that {@link StaleFlows} gives. DEL and ADD
 * remove the flows of the pod's own addresses; these here are left: a client that was there before the pod, and one that sends without pause,
 * whose flow to the old pod came back between the removal by DEL and the change of the rules.
 *
 * <p>Used by one thread, which it blocks while the table is read.
 */
final class StaleHostPortFlows {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Conntrack conntrack;
    private final Links links;
    private Optional<HostPortRules> last = Optional.empty();

    StaleHostPortFlows(Conntrack conntrack, Links links) {
        this.conntrack = conntrack;
        this.links = links;
    }

    /**
     * Follows the host ports of a plan that the kernel already implements. The tracked flows are read only if a host port changed, or there
     * are host ports at the start.
     *
     * @throws fyr.kernel.KernelException if that fails; it is to be retried then
     */
    Outcome follow(NodePlan plan) {
        HostPortRules now = plan.hostPorts();
        HostPortRules before = last.orElseGet(() -> HostPortRules.empty(plan.identity()));
        Outcome outcome = remove(HostPortFlows.between(before, now), plan);
        last = Optional.of(now);
        return outcome;
    }

    private Outcome remove(HostPortFlows flows, NodePlan plan) {
        boolean all = flows.possible(Protocol.UDP);
        boolean unreplied = flows.possible(Protocol.TCP) || flows.possible(Protocol.SCTP);
        if (!all && !unreplied) {
            return Outcome.NOTHING_TO_DO;
        }
        Set<IpAddress> local = new HashSet<>(links.addresses());
        local.removeAll(plan.dnsAddresses());
        int removed = all ? conntrack.delete(Protocol.UDP.number(), entry -> flows.stale(entry, local)) : 0;
        removed += unreplied ? conntrack.deleteUnreplied(StaleFlows.PATIENCE, entry -> flows.stale(entry, local)) : 0;
        if (removed > 0) {
            LOG.log(Level.INFO, "removed {0} flows to host ports that lead elsewhere now", removed);
        }
        return Outcome.DONE;
    }
}
