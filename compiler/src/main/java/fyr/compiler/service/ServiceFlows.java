package fyr.compiler.service;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds tracked flows to endpoints that their service no longer has. Only flows to addresses and ports of changed services can be found,
 * whether these belong to this table or to the previous one, whose rules created them. The cost depends on what changed.
 *
 * <p>This is like kube-proxy's CleanStaleEntries, with two differences. An address and port without any endpoint left, or that is gone,
 * loses its flows too: the client is told that nobody listens, instead of sending to nowhere. And traffic to a port of another machine that
 * happens to have the number of a node port is left alone.
 */
public final class ServiceFlows {

    /** The addresses and ports of the changed services for one protocol. */
    private record Places(FlowPlaces before, FlowPlaces now) {

        boolean mayLeaveFlows() {
            return before.leadsBeyond(now) || now.beginsAfter(before);
        }
    }

    private final Map<Protocol, Places> places = new EnumMap<>(Protocol.class);
    private final Set<NamespacedName> changed;
    private Optional<Places> present = Optional.empty();
    private final ServiceTable before;
    private final ServiceTable now;
    private final Set<IpAddress> own;
    private Optional<AddressesInUse> inUse = Optional.empty();

    private ServiceFlows(ServiceTable before, ServiceTable now, Set<NamespacedName> changed) {
        this.before = before;
        this.now = now;
        this.changed = changed;
        this.own = Set.copyOf(now.node().addresses());
    }

    /**
     * The flows that a change of services affects.
     *
     * @param before the table that the kernel implemented earlier; one without services at the start, so that all services count as changed
     */
    public static ServiceFlows between(ServiceTable before, ServiceTable now) {
        Set<NamespacedName> changed = now.changedSince(before);
        ServiceFlows flows = new ServiceFlows(before, now, changed);
        for (Protocol protocol : Protocol.values()) {
            flows.places.put(
                    protocol,
                    new Places(FlowPlaces.of(before, changed, protocol), FlowPlaces.of(now, changed, protocol)));
        }
        return flows;
    }

    /**
     * Whether there can be stale flows of a protocol: some address and port lost an endpoint, or got its first one; at the start, whether there
     * is any address and port.
     */
    public boolean possible(Protocol protocol) {
        return places.containsKey(protocol) && mayLeaveFlows(places.get(protocol));
    }

    /** Whether the rules of an earlier process, of which nothing is known, may have led flows to endpoints that left meanwhile. */
    private boolean begins() {
        return before.services().isEmpty();
    }

    private boolean mayLeaveFlows(Places of) {
        return of.mayLeaveFlows() || begins() && of.now.exist();
    }

    /** Whether a flow should no longer go where it goes. */
    public boolean stale(ConntrackEntry entry) {
        return places.entrySet().stream()
                .anyMatch(of -> of.getKey().number() == entry.original().protocol() && stale(of.getValue(), entry));
    }

    /** Collected only when somebody asks. */
    private Places present() {
        Places all = present.orElseGet(() -> new Places(
                FlowPlaces.present(before, changed, Protocol.TCP), FlowPlaces.present(now, changed, Protocol.TCP)));
        present = Optional.of(all);
        return all;
    }

    /** Whether there can be TCP connections to endpoints that are gone. */
    public boolean abandonedPossible() {
        return mayLeaveFlows(present());
    }

    /**
     * Whether a TCP connection leads to an endpoint that its service does not have any more, in whatever condition. An endpoint that is not
     * ready, or terminates, is still one.
     */
    public boolean abandoned(ConntrackEntry entry) {
        Tuple first = entry.original();
        boolean translated = !entry.reply().source().equals(first.destination())
                || entry.reply().sourcePort() != first.destinationPort();
        return first.protocol() == Protocol.TCP.number() && translated && stale(present(), entry);
    }

    private boolean stale(Places places, ConntrackEntry entry) {
        Tuple first = entry.original();
        Backend wanted = new Backend(first.destination(), first.destinationPort());
        Backend end = new Backend(entry.reply().source(), entry.reply().sourcePort());
        boolean translated = !end.equals(wanted);
        if (places.now.owns(wanted)) {
            // An untranslated flow began before there were endpoints, and would not reach one for as long as the
            // client sends.
            return !places.now.leads(wanted, end);
        }
        if (places.before.owns(wanted)) {
            return translated;
        }
        return (translated || own.contains(wanted.address()))
                && staleAtNode(places, wanted, end, translated)
                // A port of an unchanged service may have the number of a changed service's node port.
                && !inUse().has(wanted, first.protocol());
    }

    private static boolean staleAtNode(Places places, Backend wanted, Backend end, boolean translated) {
        return places.now.hasNodePort(wanted)
                ? !places.now.nodePortLeads(wanted, end)
                : translated && places.before.hasNodePort(wanted);
    }

    /** Collected only when a flow makes it necessary. */
    private AddressesInUse inUse() {
        AddressesInUse all = inUse.orElseGet(() -> AddressesInUse.of(before, now));
        inUse = Optional.of(all);
        return all;
    }
}
