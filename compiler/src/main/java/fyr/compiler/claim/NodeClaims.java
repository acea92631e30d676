package fyr.compiler.claim;

import fyr.compiler.NodeIdentity;
import fyr.model.Node;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.List;
import java.util.Optional;

/**
 * Which node has which block of pod addresses. Blocks of two nodes never overlap afterwards: this node's own come first, since its pods
 * have addresses of them whatever others say; of others the oldest node's, then those of the first by name. A younger node whose block
 * overlaps gets none until the older one is gone.
 *
 * <p>An address of a node does not lie in another's block. Which of the two is true? A block around the addresses of several
 * older nodes is false, as is one that is not apart from our own subnet; otherwise the address is, for a kubelet may change it at any time and only its own
 * pods suffer. One address may be the InternalIP of several nodes, as when a machine registers under a new name: both keep it.
 *
 * @param heard nodes as they were heard
 * @param claimed who claims each block
 * @param addresses who claims each InternalIP
 * @param owners who has each block; they are disjoint
 * @param cut nodes without what belongs to others or cannot be true, if that is anything
 * @param granted all nodes, these among them
 * @param complaints about those that had to do without something, or share an address, by object
 */
public record NodeClaims(
        NodeIdentity identity,
        PersistentMap<String, Node> heard,
        PrefixMap<List<String>> claimed,
        PrefixMap<List<String>> addresses,
        PrefixMap<String> owners,
        PersistentMap<String, Node> cut,
        PersistentMap<String, Node> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    static NodeClaims none(NodeIdentity identity) {
        return new NodeClaims(
                identity,
                PersistentMap.empty(),
                PrefixMap.empty(),
                PrefixMap.empty(),
                PrefixMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    NodeClaims next(PersistentMap<String, Node> nodes) {
        if (nodes == heard) {
            return this;
        }
        boolean sameSelf = self(nodes).equals(self(heard));
        return new NodeClaimsStep(sameSelf ? this : none(identity), nodes).run();
    }

    private Optional<Node> self(PersistentMap<String, Node> nodes) {
        return nodes.get(identity.name());
    }
}
