package fyr.compiler.service;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which tracked flows go where services lead nobody any more. Only flows to places of services that changed are ever told of, be they
 * places of this plan or of the one before it; the rules of a plan made the latter. Making it costs what changed.
 *
 * <p>As kube-proxy's CleanStaleEntries, with two differences. A place that has no endpoint left, or is gone, loses its flows too: the client
 * is told that nobody listens, where it would have sent to nowhere. And who sends to a port of some other machine that happens to be the
 * number of a node port is left alone.
 */
public final class ServiceFlows {

    /** The places of the changed services for one protocol. */
    private record Places(Frontends before, Frontends now) {

        boolean mayLeaveFlows() {
            return before.leadsBeyond(now) || now.beginsAfter(before);
        }
    }

    private final Map<Protocol, Places> places = new EnumMap<>(Protocol.class);
    private final ServicePlan before;
    private final ServicePlan now;
    private final Set<IpAddress> own;

    private ServiceFlows(ServicePlan before, ServicePlan now, Set<IpAddress> own) {
        this.before = before;
        this.now = now;
        this.own = own;
    }

    /**
     * The flows that a change of services concerns.
     *
     * @param before the plan that the kernel followed earlier; the empty one at the start, so that all services count as changed
     * @param own addresses of this node
     */
    public static ServiceFlows between(ServicePlan before, ServicePlan now, List<IpAddress> own) {
        Set<NamespacedName> changed = new HashSet<>();
        now.services().differences(before.services(), (name, _, _) -> changed.add(name));
        now.slices().differences(before.slices(), (name, _, _) -> changed.add(name));
        ServiceFlows flows = new ServiceFlows(before, now, Set.copyOf(own));
        for (Protocol protocol : Protocol.values()) {
            flows.places.put(
                    protocol,
                    new Places(Frontends.of(before, changed, protocol), Frontends.of(now, changed, protocol)));
        }
        return flows;
    }

    /** Whether there can be stale flows of a protocol: some place lost an endpoint, or got its first. */
    public boolean possible(Protocol protocol) {
        return places.containsKey(protocol) && places.get(protocol).mayLeaveFlows();
    }

    /** Whether a flow has no business any more where it goes. */
    public boolean stale(ConntrackEntry entry) {
        return places.entrySet().stream()
                .anyMatch(of -> of.getKey().number() == entry.original().protocol() && stale(of.getValue(), entry));
    }

    private boolean stale(Places places, ConntrackEntry entry) {
        Tuple first = entry.original();
        Backend wanted = new Backend(first.destination(), first.destinationPort());
        Backend end = new Backend(entry.reply().source(), entry.reply().sourcePort());
        boolean translated = !end.equals(wanted);
        if (places.now.addresses().contains(wanted.address())) {
            // Untranslated it began before there were endpoints, and would never be led to one for as long as the
            // client sends.
            return !places.now.leads(new Frontend.ClusterIp(wanted.address(), wanted.port()), end);
        }
        if (places.before.addresses().contains(wanted.address())) {
            return translated;
        }
        // A port of a service that did not change may have the number of a changed one's node port.
        return !before.serves(wanted.address())
                && !now.serves(wanted.address())
                && (translated || own.contains(wanted.address()))
                && staleAtNode(
                        places, new Frontend.NodePort(wanted.address().family(), wanted.port()), end, translated);
    }

    private static boolean staleAtNode(Places places, Frontend.NodePort nodePort, Backend end, boolean translated) {
        return places.now.has(nodePort) ? !places.now.leads(nodePort, end) : translated && places.before.has(nodePort);
    }
}
