package fyr.compiler.policy;

import fyr.compiler.Stable;
import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What isolated pods are allowed in one direction: to whom, which ports. Pods that are allowed the same are of one group. */
final class Group implements Numbers.Numbered {

    static final Comparator<Group> ORDER =
            Comparator.comparingLong(Group::stableHash).thenComparing(Group::text);

    private final Map<PeerTerm, Set<PortTerm>> allowances;
    private final Set<PortClasses.Span> spans = new HashSet<>();
    private final long hash;

    private Group(Map<PeerTerm, Set<PortTerm>> allowances) {
        this.allowances = allowances;
        long sum = 0;
        for (Map.Entry<PeerTerm, Set<PortTerm>> entry : allowances.entrySet()) {
            long ports = 0;
            for (PortTerm port : entry.getValue()) {
                ports += Stable.hash(port.toString());
                if (port instanceof PortTerm.Range range && !range.single()) {
                    spans.add(new PortClasses.Span(range.first(), range.last()));
                }
            }
            sum += Stable.mix(Stable.hash(entry.getKey().toString()) + 31 * ports);
        }
        this.hash = Stable.mix(sum);
    }

    /** What these policies, which isolate in this direction, allow together a pod with these ports. Without any policy: nothing. */
    static Group of(Direction direction, List<NetworkPolicy> isolating, List<Pod.ContainerPort> ports) {
        Map<PeerTerm, Set<PortTerm>> allowances = new HashMap<>();
        for (NetworkPolicy policy : isolating) {
            for (NetworkPolicy.Rule rule : direction.rules(policy)) {
                add(allowances, direction, policy.name().namespace(), rule, ports);
            }
        }
        return new Group(allowances);
    }

    private static void add(
            Map<PeerTerm, Set<PortTerm>> allowances,
            Direction direction,
            String namespace,
            NetworkPolicy.Rule rule,
            List<Pod.ContainerPort> ports) {
        for (PortTerm port : PortTerm.of(rule.ports())) {
            for (PeerTerm peer : PeerTerm.of(namespace, rule.peers())) {
                for (PortTerm resolved : resolve(direction, port, ports)) {
                    if (!(resolved instanceof PortTerm.Named && peer instanceof PeerTerm.Block)) {
                        allowances
                                .computeIfAbsent(owner(resolved, peer), key -> new HashSet<>())
                                .add(resolved);
                    }
                }
            }
        }
    }

    /** Names of ingress ports are the pod's own; those of egress ports are each peer's, see {@link Match}. */
    private static List<PortTerm> resolve(Direction direction, PortTerm port, List<Pod.ContainerPort> ports) {
        return direction == Direction.INGRESS && port instanceof PortTerm.Named named
                ? named.of(ports).<PortTerm>map(range -> range).toList()
                : List.of(port);
    }

    /** Only pods have named ports, so anyone's named port is any pod's. */
    static PeerTerm owner(PortTerm port, PeerTerm peer) {
        return port instanceof PortTerm.Named && peer instanceof PeerTerm.Any ? Terms.EVERY_POD : peer;
    }

    Map<PeerTerm, Set<PortTerm>> allowances() {
        return allowances;
    }

    /** The ranges of more than one port. */
    Set<PortClasses.Span> spans() {
        return spans;
    }

    @Override
    public long stableHash() {
        return hash;
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        allowances.forEach((peer, ports) -> lines.add(
                peer + " " + ports.stream().map(PortTerm::toString).sorted().toList()));
        lines.sort(null);
        return lines.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof Group that && hash == that.hash && allowances.equals(that.allowances);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
