package fyr.compiler.masquerade;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.routing.Path;
import fyr.kernel.Tables;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What nf_tables holds for source translation, and what it was made from.
 *
 * @param podBlocks how often a block is one of this node's pods
 * @param clusterBlocks how often a block is one within the cluster
 */
public record MasqueradePlan(
        PersistentMap<String, Node> nodes,
        PersistentMap<String, Attachment> attachments,
        NodeIdentity identity,
        PrefixMap<Integer> podBlocks,
        PrefixMap<Integer> clusterBlocks,
        PersistentMap<NftKey, NftObject> objects)
        implements Feature<MasqueradePlan> {

    /** The plan of a node without pods. */
    public static MasqueradePlan empty(NodeIdentity identity) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(MasqueradeRuleset.of(family, identity.services()));
        }
        Blocks cluster = new Blocks(MasqueradeRuleset.CLUSTER_BLOCKS, PrefixMap.empty(), objects);
        for (Prefix prefix : identity.clusterPrefixes()) {
            cluster = cluster.add(prefix);
        }
        return new MasqueradePlan(
                PersistentMap.empty(),
                PersistentMap.empty(),
                identity,
                PrefixMap.empty(),
                cluster.counts(),
                cluster.objects());
    }

    /** Only nodes and attachments that changed are processed, unless this node itself changed. */
    @Override
    public MasqueradePlan next(FeatureInputs inputs) {
        boolean sameSelf =
                nodes.get(identity.name()).equals(inputs.snapshot().nodes().get(identity.name()));
        return (sameSelf ? this : empty(identity)).difference(inputs.snapshot(), inputs.attachments());
    }

    private MasqueradePlan difference(ClusterSnapshot snapshot, PersistentMap<String, Attachment> newAttachments) {
        Optional<Node> self = snapshot.nodes().get(identity.name());
        List<Prefix> left = new ArrayList<>();
        List<Prefix> joined = new ArrayList<>();
        snapshot.nodes().differences(nodes, (_, before, after) -> {
            left.addAll(inCluster(Optional.ofNullable(before), self));
            joined.addAll(inCluster(Optional.ofNullable(after), self));
        });
        Blocks cluster = changed(new Blocks(MasqueradeRuleset.CLUSTER_BLOCKS, clusterBlocks, objects), left, joined);
        Blocks pods = changed(
                new Blocks(MasqueradeRuleset.POD_BLOCKS, podBlocks, cluster.objects()),
                ofPods(nodes),
                ofPods(snapshot.nodes()));
        PersistentMap<NftKey, NftObject> next = pods.objects();
        List<IpAddress> gone = new ArrayList<>();
        List<IpAddress> come = new ArrayList<>();
        newAttachments.differences(attachments, (_, before, after) -> {
            Optional.ofNullable(before).ifPresent(attachment -> gone.addAll(attachment.addresses()));
            Optional.ofNullable(after).ifPresent(attachment -> come.addAll(attachment.addresses()));
        });
        for (IpAddress address : gone) {
            next = next.without(hairpin(address));
        }
        for (IpAddress address : come) {
            next = next.with(hairpin(address), new NftObject.Element(Optional.empty(), new NftData.None()));
        }
        return new MasqueradePlan(snapshot.nodes(), newAttachments, identity, pods.counts(), cluster.counts(), next);
    }

    private static NftKey hairpin(IpAddress address) {
        Bytes bytes = Bytes.of(address.toBytes());
        return new NftKey.ElementKey(address.family(), MasqueradeRuleset.HAIRPIN, Bytes.concatenate(bytes, bytes));
    }

    private static Blocks changed(Blocks blocks, List<Prefix> left, List<Prefix> joined) {
        Blocks next = blocks;
        for (Prefix prefix : left) {
            next = next.remove(prefix);
        }
        for (Prefix prefix : joined) {
            next = next.add(prefix);
        }
        return next;
    }

    private List<Prefix> ofPods(PersistentMap<String, Node> all) {
        return all.get(identity.name()).map(Node::podCidrs).orElse(List.of());
    }

    /**
     * A node's pods; and the node itself if it is on our own subnet, because then it knows the way back to our pods. Other nodes would
     * answer through a network that may not know it.
     */
    private List<Prefix> inCluster(Optional<Node> node, Optional<Node> self) {
        List<Prefix> prefixes = new ArrayList<>();
        node.ifPresent(present -> {
            prefixes.addAll(present.podCidrs());
            present.addresses().stream()
                    .filter(address -> Path.onOurSubnet(address, identity, self))
                    .forEach(address -> prefixes.add(Prefix.single(address)));
        });
        return prefixes;
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.NFT, objects);
    }
}
