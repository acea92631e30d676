package fyr.compiler.service.frontend;

import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.compiler.service.LocalNode;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The elements that say where connections begin and which addresses of the node have node ports. */
public final class NodeElements {

    private final Map<NftKey, NftObject> elements = new HashMap<>();

    private NodeElements() {}

    /** Those of a node. */
    public static Map<NftKey, NftObject> of(LocalNode node) {
        NodeElements all = new NodeElements();
        all.add(
                FrontendSets.LOCAL_SOURCES,
                switch (node.options().local()) {
                    case LocalTraffic.NodeBlocks _ -> node.blocks();
                    case LocalTraffic.Prefixes(List<Prefix> prefixes) -> prefixes;
                    case LocalTraffic.Link _, LocalTraffic.LinkPrefix _ -> List.of();
                });
        switch (node.options().nodePorts()) {
            case NodePorts.Everywhere _ -> {}
            case NodePorts.At at ->
                List.of(Family.values())
                        .forEach(family -> all.add(FrontendSets.NODE_PORT_ADDRESSES, withNodePorts(node, at, family)));
        }
        return all.elements;
    }

    private static List<Prefix> withNodePorts(LocalNode node, NodePorts.At at, Family family) {
        List<Prefix> prefixes = new ArrayList<>(at.prefixes().stream()
                .filter(prefix -> prefix.family() == family)
                .toList());
        if (at.primary()) {
            node.addresses().stream()
                    .filter(address -> address.family() == family)
                    .limit(1)
                    .map(Prefix::single)
                    .forEach(prefixes::add);
        }
        return prefixes.isEmpty() ? List.of(Prefix.all(family)) : prefixes;
    }

    /** Prefixes that lie in others say nothing more, and ranges of a set may not overlap. */
    private void add(String set, List<Prefix> prefixes) {
        Optional<Prefix> last = Optional.empty();
        for (Prefix prefix : new TreeSet<>(prefixes)) {
            if (last.filter(covering -> covering.contains(prefix)).isEmpty()) {
                elements.put(
                        new NftKey.ElementKey(prefix.family(), set, FrontendKey.bytes(prefix.address())),
                        new NftObject.Element(Optional.of(FrontendKey.bytes(prefix.last())), new NftData.None()));
                last = Optional.of(prefix);
            }
        }
    }
}
