package fyr.compiler.hostport;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.model.HostPort;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.SpecialAddresses;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds tracked flows to host ports that do not go where the port leads now: to a pod that is gone, or to the node itself because the flow is
 * older than the pod. Only flows to ports whose pod changed can be found; the cost depends on what changed.
 */
public final class HostPortFlows {

    private record Number(Family family, int protocol, int port) {}

    private final HostPortRules before;
    private final HostPortRules now;
    private final Set<Number> changed = new HashSet<>();

    private HostPortFlows(HostPortRules before, HostPortRules now) {
        this.before = before;
        this.now = now;
        now.leads().differences(before.leads(), (place, _, _) -> changed.add(number(place)));
    }

    /**
     * The flows that a change of host ports affects.
     *
     * @param before the rules that the kernel had earlier; those of a node without pods at the start, so that all host ports count as changed
     */
    public static HostPortFlows between(HostPortRules before, HostPortRules now) {
        return new HostPortFlows(before, now);
    }

    private static Number number(HostPort.Place place) {
        return new Number(place.family(), place.protocol().number(), place.port());
    }

    /** The rules lead nobody away from there. */
    private static boolean isLoopback(IpAddress address) {
        return SpecialAddresses.kind(address).equals(Optional.of("loopback"));
    }

    /** Whether there can be stale flows of a protocol. */
    public boolean possible(Protocol protocol) {
        return changed.stream().anyMatch(number -> number.protocol() == protocol.number());
    }

    /**
     * Whether a flow should no longer go where it goes.
     *
     * @param local the addresses of the node where host ports lead to pods, so not those of cluster DNS: traffic to the same port of another machine is left alone
     */
    public boolean stale(ConntrackEntry entry, Set<IpAddress> local) {
        Tuple first = entry.original();
        IpAddress wanted = first.destination();
        if (!changed.contains(new Number(wanted.family(), first.protocol(), first.destinationPort()))
                || !local.contains(wanted)
                || isLoopback(wanted)) {
            return false;
        }
        PodPort end = new PodPort(entry.reply().source(), entry.reply().sourcePort());
        Protocol protocol = Stream.of(Protocol.values())
                .filter(one -> one.number() == first.protocol())
                .findFirst()
                .orElseThrow();
        Optional<PodPort> lead = now.lead(wanted, protocol, first.destinationPort());
        // Without a pod, what the node itself answers or refuses is as it should be.
        return lead.map(to -> !to.equals(end))
                .orElseGet(() ->
                        before.lead(wanted, protocol, first.destinationPort()).equals(Optional.of(end)));
    }
}
