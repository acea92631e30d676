package fyr.compiler.masquerade;

import fyr.compiler.NodeIdentity;
import fyr.compiler.routing.Path;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What nf_tables holds for source translation, and what it was made from. */
public record MasqueradePlan(
        PersistentMap<String, Node> nodes,
        PersistentMap<String, Attachment> attachments,
        NodeIdentity identity,
        Map<NftKey, NftObject> blocks,
        PersistentMap<NftKey, NftObject> objects) {

    /** The plan of a node without pods. */
    public static MasqueradePlan empty(NodeIdentity identity) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(MasqueradeRuleset.of(family));
        }
        return new MasqueradePlan(PersistentMap.empty(), PersistentMap.empty(), identity, Map.of(), objects);
    }

    /** The plan of another state. Intervals are made anew when a node changed; there are few, for neighbouring blocks become one. */
    public MasqueradePlan next(ClusterSnapshot snapshot, PersistentMap<String, Attachment> newAttachments) {
        Map<NftKey, NftObject> newBlocks = snapshot.nodes() == nodes ? blocks : blocks(snapshot.nodes());
        PersistentMap<NftKey, NftObject> next = objects;
        if (!newBlocks.equals(blocks)) {
            next = next.withoutAll(blocks.keySet()).withAll(newBlocks);
        }
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
        return new MasqueradePlan(snapshot.nodes(), newAttachments, identity, newBlocks, next);
    }

    private static NftKey hairpin(IpAddress address) {
        Bytes bytes = Bytes.of(address.toBytes());
        return new NftKey.ElementKey(address.family(), MasqueradeRuleset.HAIRPIN, Bytes.concatenate(bytes, bytes));
    }

    private Map<NftKey, NftObject> blocks(PersistentMap<String, Node> all) {
        List<Prefix> pods = all.get(identity.name()).map(Node::podCidrs).orElse(List.of());
        List<Prefix> cluster = new ArrayList<>(identity.clusterPrefixes());
        all.forEach((_, node) -> {
            cluster.addAll(node.podCidrs());
            // Nodes on our own subnets know the way back to our pods; others would answer through a network that may
            // not.
            node.addresses().stream()
                    .filter(address -> Path.onOurSubnet(address, identity))
                    .forEach(address -> cluster.add(Prefix.single(address)));
        });
        Map<NftKey, NftObject> elements = new TreeMap<>(Blocks.elements(MasqueradeRuleset.POD_BLOCKS, pods));
        elements.putAll(Blocks.elements(MasqueradeRuleset.CLUSTER_BLOCKS, cluster));
        return elements;
    }
}
