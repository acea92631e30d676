package fyr.compiler.guard;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;

/**
 * The nf_tables objects that decide where packets may come from, and the inputs from which the next plan can be made. Immutable; safe on
 * any thread.
 */
public final class GuardPlan implements Feature<GuardPlan> {

    private final Inputs inputs;
    private final Tally<NftKey> held;
    private final PersistentMap<NftKey, NftObject> objects;

    /** All that a plan depends on. */
    record Inputs(
            NodeIdentity identity, PersistentMap<String, Node> nodes, PersistentMap<String, Attachment> attachments) {}

    /**
     * A plan.
     *
     * @param held how many attachments or nodes each element stands for
     */
    GuardPlan(Inputs inputs, Tally<NftKey> held, PersistentMap<NftKey, NftObject> objects) {
        this.inputs = inputs;
        this.held = held;
        this.objects = objects;
    }

    /** The plan of a node without pods that knows no other nodes. */
    public static GuardPlan empty(NodeIdentity identity) {
        return new GuardPlan(
                new Inputs(identity, PersistentMap.empty(), PersistentMap.empty()),
                new Tally<>(PersistentMap.empty()),
                constant());
    }

    /** The sets and chains that are the same in every state. */
    public static PersistentMap<NftKey, NftObject> constant() {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(SourceRuleset.of(family)).withAll(TunnelRuleset.of(family));
        }
        return objects;
    }

    /** The first rule of the chain for forwarded packets: packets to tunnels go through it, even those of established connections. */
    public static NftRule forwarding() {
        return TunnelRuleset.forwarding();
    }

    /** A rule that comes before it if that chain is at the postrouting hook: it accepts what this node's own tunnel sends. */
    public static NftRule encapsulatedHere(Family family) {
        return TunnelRuleset.encapsulatedHere(family);
    }

    /** Only nodes and attachments that changed are processed, unless this node itself changed. */
    @Override
    public GuardPlan next(FeatureInputs now) {
        return next(now.snapshot(), now.attachments());
    }

    private GuardPlan next(ClusterSnapshot snapshot, PersistentMap<String, Attachment> attachments) {
        if (snapshot.nodes() == inputs.nodes() && attachments == inputs.attachments()) {
            return this;
        }
        String self = inputs.identity().name();
        boolean sameSelf = inputs.nodes().get(self).equals(snapshot.nodes().get(self));
        return (sameSelf ? this : empty(inputs.identity())).difference(snapshot, attachments);
    }

    private GuardPlan difference(ClusterSnapshot snapshot, PersistentMap<String, Attachment> attachments) {
        Optional<Node> self = snapshot.nodes().get(inputs.identity().name());
        GuardChange change = new GuardChange(inputs.identity(), self, held, objects);
        snapshot.nodes().differences(inputs.nodes(), (_, before, after) -> change.node(before, after));
        attachments.differences(inputs.attachments(), (_, before, after) -> change.attachment(before, after));
        return change.finish(new Inputs(inputs.identity(), snapshot.nodes(), attachments));
    }

    /** The part of the tables {@code ip fyr} and {@code ip6 fyr} that concerns sources; every name begins with {@code guard-}. */
    public PersistentMap<NftKey, NftObject> objects() {
        return objects;
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.NFT, objects);
    }
}
