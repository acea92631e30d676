package fyr.compiler.policy;

import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.peers.Blocks;
import fyr.compiler.policy.peers.Match;
import fyr.compiler.policy.peers.PodMatcher;
import fyr.compiler.policy.pods.Attached;
import fyr.compiler.policy.pods.LocalPods;
import fyr.compiler.policy.pods.PodChanges;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.ClusterDns;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Gives identities to the peers that the node's groups refer to. */
final class PeerCompiler {

    /** The key of the cluster's DNS among the pods; no pod can have this name. */
    private static final NamespacedName DNS = new NamespacedName("", "cluster-dns");

    private final PolicyPlan.Inputs inputs;
    private final Attached attached;
    private final Decisions decisions;
    private final Blocks blocks;
    private final int mask;
    private final PodMatcher matcher;

    PeerCompiler(PolicyPlan.Inputs inputs, Attached attached, Decisions decisions, Blocks blocks, int mask) {
        this.inputs = inputs;
        this.attached = attached;
        this.decisions = decisions;
        this.blocks = blocks;
        this.mask = mask;
        this.matcher = new PodMatcher(inputs.snapshot(), decisions.terms());
    }

    /** From scratch: the fixed part, then every peer. */
    PeerTable compile() {
        PeerTable base = PeerTable.empty(fixed());
        PeerTableChange change = everything(base, Map.of());
        return change.hasCollision()
                ? everything(base, numbers(change.result())).result()
                : change.result();
    }

    /** From a table for the same terms and port ranges; empty if the change affects identities whose numbers depend on each other. */
    Optional<PeerTable> update(PolicyPlan previous, PodChanges changes) {
        PeerTableChange change = new PeerTableChange(previous.peers(), decisions, blocks, mask, Map.of());
        if (decisions != previous.decisions()) {
            change.regroup(previous.decisions());
        }
        if (decisions.terms().aboutPods()) {
            change.speakers(speakers());
            Set<NamespacedName> pods =
                    new TreeSet<>(changes.withAttachments(previous.local().attached(), attached));
            pods.addAll(changes.inChangedNamespaces());
            pods.forEach(
                    name -> change.pod(name, inputs.snapshot().pods().get(name).flatMap(this::contribution)));
            change.pod(DNS, dns());
        }
        return change.hasCollision() ? Optional.empty() : Optional.of(change.result());
    }

    private PeerTableChange everything(PeerTable base, Map<PeerTable.Identity, Integer> numbers) {
        PeerTableChange change = new PeerTableChange(base, decisions, blocks, mask, numbers);
        for (Family family : Family.values()) {
            blocks.intervals(family).forEach(interval -> change.block(family, interval));
        }
        if (decisions.terms().aboutPods()) {
            change.speakers(speakers());
            inputs.snapshot().pods().forEach((name, pod) -> change.pod(name, contribution(pod)));
            change.pod(DNS, dns());
        }
        return change;
    }

    private Map<PeerTable.Identity, Integer> numbers(PeerTable table) {
        Map<PeerTable.Identity, Integer> numbers = new HashMap<>();
        for (Family family : Family.values()) {
            List<Match> matches = new ArrayList<>();
            table.uses().forEach((identity, use) -> {
                if (identity.family() == family) {
                    matches.add(identity.match());
                }
            });
            Numbers.of(matches, Match.order(decisions.terms()), mask)
                    .forEach((match, number) -> numbers.put(new PeerTable.Identity(family, match), number));
        }
        return numbers;
    }

    private Optional<PeerTable.Contribution> contribution(Pod pod) {
        List<IpAddress> addresses = PolicyIndex.selectable(pod) ? LocalPods.peerAddresses(pod, attached) : List.of();
        return addresses.isEmpty()
                ? Optional.empty()
                : Optional.of(new PeerTable.Contribution(matcher.match(pod), addresses));
    }

    /**
     * This node knows who has the addresses that it gave out, so the labels of other pods do not count there. Nor do a pod's labels count
     * at the addresses of the cluster's DNS.
     */
    private Map<IpAddress, Optional<NamespacedName>> speakers() {
        Map<IpAddress, Optional<NamespacedName>> speakers = new HashMap<>();
        attached.owners()
                .forEach((address, key) -> speakers.put(
                        address, Attached.facts(inputs.snapshot(), key).map(Pod::name)));
        inputs.dnsAddresses().forEach(address -> speakers.put(address, Optional.of(DNS)));
        return speakers;
    }

    private Optional<PeerTable.Contribution> dns() {
        return inputs.dnsAddresses().isEmpty()
                ? Optional.empty()
                : Optional.of(new PeerTable.Contribution(matcher.match(ClusterDns.POD), inputs.dnsAddresses()));
    }

    private PersistentMap<NftKey, NftObject> fixed() {
        Map<NftKey, NftObject> objects = new HashMap<>();
        for (Family family : Family.values()) {
            PolicyRuleset.emit(family, decisions.terms().ordered(), inputs.mode(), objects::put);
            decisions.everyone(family, decisions.all(), objects::put);
            decisions
                    .classes()
                    .intervals()
                    .forEach((span, number) -> objects.put(
                            new NftKey.ElementKey(family, PolicyNames.PORTS, Bytes.u16(span.first())),
                            new NftObject.Element(Optional.of(Bytes.u16(span.last())), Judgement.value(number))));
        }
        return PersistentMap.of(objects);
    }
}
