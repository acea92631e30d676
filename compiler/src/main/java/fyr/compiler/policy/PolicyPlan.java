package fyr.compiler.policy;

import fyr.compiler.feature.ServiceMode;
import fyr.compiler.policy.peers.Blocks;
import fyr.compiler.policy.pods.Attached;
import fyr.compiler.policy.rules.Subject;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.PolicyIndex;
import fyr.policy.Tiers;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/** The policy part of a node's plan, and the inputs from which the next one can be made. Immutable; safe on any thread. */
public final class PolicyPlan {

    private final Inputs inputs;
    private final Local local;
    private final Decisions decisions;
    private final Blocks blocks;
    private final PeerTable peers;
    private final PersistentMap<NftKey, NftObject> objects;

    /** All that a plan depends on. */
    record Inputs(
            ClusterSnapshot snapshot,
            Tiers tiers,
            String node,
            PersistentMap<String, Attachment> attachments,
            List<IpAddress> dnsAddresses,
            ServiceMode mode) {

        /** Those of a node whose services rules of nf_tables carry out. */
        Inputs(
                ClusterSnapshot snapshot,
                Tiers tiers,
                String node,
                PersistentMap<String, Attachment> attachments,
                List<IpAddress> dnsAddresses) {
            this(snapshot, tiers, node, attachments, dnsAddresses, ServiceMode.NFTABLES);
        }

        /** Whether nothing that policies depend on has changed. What has not changed is the same instance ({@link ClusterSnapshot}). */
        boolean same(Inputs other) {
            return snapshot.pods() == other.snapshot.pods()
                    && snapshot.namespaces() == other.snapshot.namespaces()
                    && tiers.same(other.tiers)
                    && (!tiers.ordered() || snapshot.nodes() == other.snapshot.nodes())
                    && attachments == other.attachments
                    && dnsAddresses.equals(other.dnsAddresses);
        }
    }

    /**
     * What is known about the node's own pods.
     *
     * @param elements of the sets that concern them
     */
    record Local(
            Attached attached,
            SortedMap<Attached.Key, Subject> subjects,
            SortedSet<String> namespaces,
            PolicyIndex policies,
            Map<NftKey, NftObject> elements) {}

    PolicyPlan(
            Inputs inputs,
            Local local,
            Decisions decisions,
            Blocks blocks,
            PeerTable peers,
            PersistentMap<NftKey, NftObject> objects) {
        this.inputs = inputs;
        this.local = local;
        this.decisions = decisions;
        this.blocks = blocks;
        this.peers = peers;
        this.objects = objects;
    }

    /** The same plan with references to another state, so that it does not keep the earlier state in memory. */
    PolicyPlan of(Inputs newInputs) {
        return new PolicyPlan(newInputs, local, decisions, blocks, peers, objects);
    }

    /** The part of the tables {@code ip fyr} and {@code ip6 fyr} that concerns policy; every name begins with {@code policy-}. */
    public PersistentMap<NftKey, NftObject> objects() {
        return objects;
    }

    Inputs inputs() {
        return inputs;
    }

    Local local() {
        return local;
    }

    Decisions decisions() {
        return decisions;
    }

    Blocks blocks() {
        return blocks;
    }

    PeerTable peers() {
        return peers;
    }
}
