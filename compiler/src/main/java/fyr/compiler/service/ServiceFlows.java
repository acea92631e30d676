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
 * Finds tracked flows to endpoints that their service no longer has. Only flows to addresses and ports of changed services can be found,
 * whether these belong to this plan or to the previous one, whose rules created them. The cost depends on what changed.
 *
 * <p>This is like kube-proxy's CleanStaleEntries, with two differences. An address and port without any endpoint left, or that is gone,
 * loses its flows too: the client is told that nobody listens, instead of sending to nowhere. And traffic to a port of another machine that
 * happens to have the number of a node port is left alone.
 */
public final class ServiceFlows {

    /** The addresses and ports of the changed services for one protocol. */
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
     * The flows that a change of services affects.
     *
     * @param before the plan that the kernel implemented earlier; the empty one at the start, so that all services count as changed
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

    /** Whether there can be stale flows of a protocol: some address and port lost an endpoint, or got its first one. */
    public boolean possible(Protocol protocol) {
        return places.containsKey(protocol) && places.get(protocol).mayLeaveFlows();
    }

    /** Whether a flow should no longer go where it goes. */
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
            // An untranslated flow began before there were endpoints, and would not reach one for as long as the
            // client sends.
            return !places.now.leads(new Frontend.ClusterIp(wanted.address(), wanted.port()), end);
        }
        if (places.before.addresses().contains(wanted.address())) {
            return translated;
        }
        // A port of an unchanged service may have the number of a changed service's node port.
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
