package fyr.compiler.service;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * Tells which tracked flows of one protocol go where services lead nobody any more. Only flows to places of services are ever told of, be
 * they places of this plan or of the one before it; the rules of a plan made the latter.
 *
 * <p>As kube-proxy's CleanStaleEntries, with two differences. A place that has no endpoint left, or is gone, loses its flows too: the client
 * is told that nobody listens, where it would have sent to nowhere. And who sends to a port of some other machine that happens to be the
 * number of a node port is left alone.
 */
public final class ServiceFlows {

    private final Frontends before;
    private final Frontends now;
    private final Set<IpAddress> own;

    private ServiceFlows(Frontends before, Frontends now, Set<IpAddress> own) {
        this.before = before;
        this.now = now;
        this.own = own;
    }

    /**
     * The flows of one protocol.
     *
     * @param before the plan that the kernel followed earlier
     * @param own addresses of this node
     */
    public static ServiceFlows of(Protocol protocol, ServicePlan before, ServicePlan now, List<IpAddress> own) {
        return new ServiceFlows(Frontends.of(before, protocol), Frontends.of(now, protocol), Set.copyOf(own));
    }

    /** Whether a flow of the protocol has no business any more where it goes. */
    public boolean stale(ConntrackEntry entry) {
        Tuple first = entry.original();
        Backend wanted = new Backend(first.destination(), first.destinationPort());
        Backend end = new Backend(entry.reply().source(), entry.reply().sourcePort());
        boolean translated = !end.equals(wanted);
        if (now.addresses().contains(wanted.address())) {
            // Untranslated it began before there were endpoints, and would never be led to one for as long as the
            // client sends.
            return !now.leads(new Frontend.ClusterIp(wanted.address(), wanted.port()), end);
        }
        if (before.addresses().contains(wanted.address())) {
            return translated;
        }
        return (translated || own.contains(wanted.address()))
                && staleAtNode(new Frontend.NodePort(wanted.address().family(), wanted.port()), end, translated);
    }

    private boolean staleAtNode(Frontend.NodePort nodePort, Backend end, boolean translated) {
        return now.has(nodePort) ? !now.leads(nodePort, end) : translated && before.has(nodePort);
    }
}
