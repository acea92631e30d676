package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares one flow with rules.
 *
 * @param other the end that the rule's peers describe
 * @param destination the pod whose port names are used
 */
record RuleMatch(ClusterSnapshot snapshot, Flow flow, Endpoint other, Optional<Pod> destination) {

    /** Why a rule does not match. */
    record Miss(Verdict.Field field, String explanation) {}

    /** Empty if the rule allows the flow; otherwise the nearest miss among its peers and ports. */
    Optional<Miss> miss(String policyNamespace, NetworkPolicy.Rule rule) {
        return miss(PeerTerm.of(policyNamespace, rule.peers()), PortTerm.of(rule.ports()));
    }

    /** Whether the rule certainly matches the flow. */
    boolean matches(TierRule rule) {
        return miss(rule.peers(), rule.ports()).isEmpty();
    }

    /** Whether the rule matches the flow if the other end, a pod that is not known yet, has the labels and port names that it asks for. */
    boolean mayMatch(TierRule rule) {
        return other instanceof Endpoint.OfUnknownPod
                && rule.peers().stream().anyMatch(peer -> rule.ports().stream().anyMatch(port -> mayMatch(peer, port)));
    }

    private boolean mayMatch(PeerTerm peer, PortTerm port) {
        boolean block = peer instanceof PeerTerm.Block;
        if (block && peerMiss(peer).isPresent()) {
            return false;
        }
        return other == flow.destination() && port instanceof PortTerm.Named named
                ? !block && named.protocol().number() == flow.protocol()
                : portMiss(peer, port).isEmpty();
    }

    private Optional<Miss> miss(List<PeerTerm> peers, List<PortTerm> ports) {
        Miss nearest = new Miss(Verdict.Field.ADDRESS, "");
        for (PeerTerm peer : peers) {
            for (PortTerm port : ports) {
                Optional<Miss> miss = peerMiss(peer).or(() -> portMiss(peer, port));
                if (miss.isEmpty()) {
                    return Optional.empty();
                }
                if (nearest.explanation().isEmpty()
                        || nearest.field().compareTo(miss.get().field()) < 0) {
                    nearest = miss.get();
                }
            }
        }
        return Optional.of(nearest);
    }

    private Optional<Miss> peerMiss(PeerTerm term) {
        return switch (term) {
            case PeerTerm.Any _ -> Optional.empty();
            case PeerTerm.Pods pods -> podMiss(pods);
            case PeerTerm.Block block ->
                block.matches(other.address())
                        ? Optional.empty()
                        : miss(
                                Verdict.Field.ADDRESS,
                                "ipBlock " + block.cidr() + except(block) + " does not hold " + other.address());
        };
    }

    private static String except(PeerTerm.Block block) {
        return block.except().isEmpty() ? "" : " except " + block.except();
    }

    private Optional<Miss> podMiss(PeerTerm.Pods term) {
        Optional<Pod> pod = other.peer();
        if (pod.isEmpty()) {
            return miss(Verdict.Field.ADDRESS, "the peers are pods, " + other.address() + " is no pod's address");
        }
        String namespace = pod.get().name().namespace();
        Labels labels = PolicyIndex.namespaceLabels(snapshot, namespace);
        if (!term.matchesNamespace(namespace, labels)) {
            String wanted = term.namespace()
                    .map(name -> "namespace " + name)
                    .orElse("namespaces with " + Selectors.text(term.namespaces()));
            return miss(Verdict.Field.NAMESPACE, wanted + " wanted, namespace " + namespace + " has " + labels);
        }
        return term.pods().matches(pod.get().labels())
                ? Optional.empty()
                : miss(
                        Verdict.Field.POD_LABELS,
                        "pods with " + Selectors.text(term.pods()) + " wanted, pod "
                                + pod.get().name() + " has " + pod.get().labels());
    }

    private Optional<Miss> portMiss(PeerTerm peer, PortTerm term) {
        return switch (term) {
            case PortTerm.Any _ -> Optional.empty();
            case PortTerm.Range range -> rangeMiss(range);
            case PortTerm.Named named -> namedMiss(peer, named);
        };
    }

    private Optional<Miss> rangeMiss(PortTerm.Range range) {
        if (range.matches(flow.protocol(), flow.port())) {
            return Optional.empty();
        }
        return range.protocol().number() != flow.protocol()
                ? miss(Verdict.Field.PROTOCOL, range.protocol() + " wanted, the flow has protocol " + protocol())
                : miss(Verdict.Field.PORT, "port " + ports(range) + " wanted, the flow has " + flow.port());
    }

    /** Port names of egress rules belong to the peer's pods; combined with an ipBlock they match nothing (as in ClusterNetworkPolicy). */
    private Optional<Miss> namedMiss(PeerTerm peer, PortTerm.Named named) {
        Verdict.Field field =
                named.protocol().number() == flow.protocol() ? Verdict.Field.PORT : Verdict.Field.PROTOCOL;
        String wanted = named.protocol() + " port '" + named.name() + "' wanted, ";
        String had = "; the flow has " + protocol() + " port " + flow.port();
        if (other == flow.destination() && peer instanceof PeerTerm.Block) {
            return miss(field, wanted + "but names of ports mean nothing beside an ipBlock: give the number" + had);
        }
        if (destination.isEmpty()) {
            String address = flow.destination().address().toString();
            return miss(
                    field,
                    wanted + "but only pods have names for ports, and " + address + " is no pod's address" + had);
        }
        List<PortTerm.Range> ranges = named.of(destination.get()).toList();
        if (ranges.stream().anyMatch(range -> range.matches(flow.protocol(), flow.port()))) {
            return Optional.empty();
        }
        String number = ranges.isEmpty()
                ? "which pod " + destination.get().name() + " does not have"
                : "that is " + ranges.stream().map(RuleMatch::ports).toList();
        return miss(field, wanted + number + had);
    }

    private String protocol() {
        return Arrays.stream(fyr.model.Protocol.values())
                .filter(protocol -> protocol.number() == flow.protocol())
                .map(Enum::name)
                .findFirst()
                .orElseGet(() -> Integer.toString(flow.protocol()));
    }

    private static String ports(PortTerm.Range range) {
        return range.single() ? Integer.toString(range.first()) : range.first() + "-" + range.last();
    }

    private static Optional<Miss> miss(Verdict.Field field, String explanation) {
        return Optional.of(new Miss(field, explanation));
    }
}
