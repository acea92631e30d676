package fyr.compiler.policy;

import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.peers.Blocks;
import fyr.compiler.policy.peers.Terms;
import fyr.compiler.policy.pods.PodChanges;
import fyr.compiler.policy.rules.Group;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.Direction;
import fyr.policy.Tiers;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compiles the policies of the cluster for one node. */
public final class PolicyCompiler {

    private PolicyCompiler() {}

    /**
     * The plan for this state. The same with and without a previous one, which only saves work: then a changed pod costs about
     * what it matches, a pod that other policies select than before what they allow, and a changed policy one pass over pods and policies.
     *
     * @param attachments this node's pods as CNI ADD made them; they are enforced from that moment, before the API server knows their
     *     addresses. A pod of which it has not told anything yet is denied everything if its namespace has policies.
     * @param dnsAddresses at which the node answers for the cluster's DNS; see {@link fyr.policy.ClusterDns}
     * @param previous a plan for an earlier state
     */
    public static PolicyPlan compile(
            ClusterSnapshot snapshot,
            String node,
            PersistentMap<String, Attachment> attachments,
            List<IpAddress> dnsAddresses,
            Optional<PolicyPlan> previous) {
        return compile(
                new PolicyPlan.Inputs(snapshot, Tiers.of(snapshot), node, attachments, List.copyOf(dnsAddresses)),
                previous,
                Numbers.ALL_BITS);
    }

    static PolicyPlan compile(PolicyPlan.Inputs inputs, Optional<PolicyPlan> previous, int mask) {
        Optional<PolicyPlan> usable =
                previous.filter(plan -> plan.inputs().node().equals(inputs.node()));
        Optional<PolicyPlan> current =
                usable.filter(plan -> plan.inputs().same(inputs)).map(plan -> plan.of(inputs));
        return current.orElseGet(() -> compileChanged(inputs, usable, mask));
    }

    private static PolicyPlan compileChanged(PolicyPlan.Inputs inputs, Optional<PolicyPlan> usable, int mask) {
        Optional<PodChanges> changes =
                usable.map(plan -> PodChanges.between(plan.inputs().snapshot(), inputs.snapshot()));
        LocalCompiler locally = new LocalCompiler(inputs, usable);
        PolicyPlan.Local local = locally.compile(changes);
        Set<Group> ingress = LocalCompiler.groups(local, Direction.INGRESS);
        Set<Group> egress = LocalCompiler.groups(local, Direction.EGRESS);
        Terms terms = terms(inputs.tiers(), local, usable);
        Optional<PolicyPlan> sameTerms = usable.filter(plan -> plan.decisions().terms() == terms);
        Decisions decisions = sameTerms
                .filter(plan -> same(plan, ingress, egress))
                .map(PolicyPlan::decisions)
                .orElseGet(() -> sameTerms
                        .map(PolicyPlan::decisions)
                        .orElseGet(() -> Decisions.none(terms, mask))
                        .of(ingress, egress));
        Optional<PolicyPlan> sameBlocks = sameTerms.filter(
                plan -> plan.blocks().same(terms, inputs.snapshot().nodes()));
        Blocks blocks = sameBlocks
                .map(PolicyPlan::blocks)
                .orElseGet(() -> Blocks.of(terms, inputs.snapshot().nodes()));
        PeerCompiler compiler = new PeerCompiler(inputs, local.attached(), decisions, blocks, mask);
        PeerTable peers = sameBlocks
                .filter(plan -> plan.decisions().classes().same(decisions.classes()))
                .flatMap(plan -> compiler.update(plan, changes.orElseThrow()))
                .orElseGet(compiler::compile);
        PolicyPlan.Local complete = locally.withElements(local, decisions);
        PersistentMap<NftKey, NftObject> objects = usable.map(plan -> PlanObjects.next(plan, peers, complete))
                .orElseGet(() -> peers.objects().withAll(complete.elements()));
        return new PolicyPlan(inputs, complete, decisions, blocks, peers, objects);
    }

    /** The previous ones, if they are the same, because what was made from them can then stay. */
    private static Terms terms(Tiers tiers, PolicyPlan.Local local, Optional<PolicyPlan> previous) {
        Optional<Terms> known = previous.map(plan -> plan.decisions().terms());
        if (previous.isPresent()
                && previous.get().local().policies() == local.policies()
                && previous.get().inputs().tiers().sameOrdered(tiers)) {
            return known.orElseThrow();
        }
        Terms terms = Terms.of(
                local.namespaces().stream()
                        .flatMap(namespace -> local.policies().in(namespace).stream())
                        .toList(),
                tiers.policies().toList());
        return known.filter(terms::same).orElse(terms);
    }

    private static boolean same(PolicyPlan plan, Set<Group> ingress, Set<Group> egress) {
        return plan.decisions().groups(Direction.INGRESS).equals(ingress)
                && plan.decisions().groups(Direction.EGRESS).equals(egress);
    }
}
