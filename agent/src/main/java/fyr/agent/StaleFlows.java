package fyr.agent;

import fyr.compiler.service.ServiceFlows;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.model.Protocol;
import fyr.model.address.Family;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Removes tracked flows to endpoints that are no longer in the table of services. UDP has no end of a connection: a client that keeps its socket would
 * send to a removed endpoint for as long as it sends (kubernetes/kubernetes#139628: thirteen hours). TCP and SCTP need this only while
 * nobody has answered: retransmissions go to the removed endpoint for the two minutes that the entry lives, and so do later connections
 * from the same port. An established connection keeps its endpoint, which may still answer and closes the connection when it ends, unless
 * {@link ConnectionResets} are wanted.
 *
 * <p>For a deleted service, only the previous table knows which flows belonged to it. The flows of a service that was deleted while no agent
 * ran are not known.
 *
 * <p>Used by one thread, which it blocks while the table is read.
 */
final class StaleFlows {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    /** Endpoints answer within this time, if they still do. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    private final Conntrack conntrack;
    private final Optional<ConnectionResets> resets;
    private final Listener listener;
    private Optional<ServiceTable> last = Optional.empty();

    StaleFlows(Conntrack conntrack) {
        this(conntrack, Optional.empty(), (_, _, _) -> {});
    }

    /** With resets of TCP connections to endpoints that are gone, if they are wanted. */
    StaleFlows(Conntrack conntrack, Optional<ConnectionResets> resets, Listener listener) {
        this.conntrack = conntrack;
        this.resets = resets;
        this.listener = listener;
    }

    /** Hears of each pass over the table. */
    interface Listener {
        /**
         * A pass is over. The split between the families is an estimate if flows of both were removed; the sum is not.
         *
         * @param nanoseconds how long it took
         */
        void passed(long nanoseconds, int removedIpv4, int removedIpv6);
    }

    /** The result of a pass. */
    enum Outcome {
        NOTHING_TO_DO,
        DONE
    }

    /**
     * Follows services that the packet rules already implement. The tracked flows are read at the start, and after that only if a service
     * changed in a way that leaves flows.
     *
     * @throws KernelException if that fails; it is to be retried then, and the services that the flows are left over from are kept
     */
    Outcome follow(ServiceTable services) {
        ServiceFlows flows = ServiceFlows.between(last.orElseGet(services::withoutServices), services);
        Outcome outcome = remove(flows);
        if (resets.isPresent() && flows.abandonedPossible()) {
            resets.get().reset(flows, Set.copyOf(services.node().addresses()));
            outcome = Outcome.DONE;
        }
        last = Optional.of(services);
        return outcome;
    }

    private Outcome remove(ServiceFlows flows) {
        boolean all = flows.possible(Protocol.UDP);
        boolean unreplied = flows.possible(Protocol.TCP) || flows.possible(Protocol.SCTP);
        if (!all && !unreplied) {
            return Outcome.NOTHING_TO_DO;
        }
        long began = System.nanoTime();
        // The table may ask several times about one entry, so these are only good for a proportion.
        int[] asked = new int[2];
        Predicate<ConntrackEntry> stale = entry -> {
            boolean is = flows.stale(entry);
            if (is) {
                asked[entry.original().source().family() == Family.IPV4 ? 0 : 1]++;
            }
            return is;
        };
        int removed = all ? conntrack.delete(Protocol.UDP.number(), stale) : 0;
        removed += unreplied ? conntrack.deleteUnreplied(PATIENCE, stale) : 0;
        int ipv4 = (int) Math.round(removed * (double) asked[0] / Math.max(1, asked[0] + asked[1]));
        listener.passed(System.nanoTime() - began, ipv4, removed - ipv4);
        if (removed > 0) {
            LOG.log(Level.INFO, "removed {0} flows to endpoints that are gone", removed);
        }
        return Outcome.DONE;
    }
}
