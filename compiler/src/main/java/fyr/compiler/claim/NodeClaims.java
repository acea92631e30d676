package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.Node;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.List;
import java.util.Optional;

/**
 * Which node has which block of pod addresses. In the result, blocks of two nodes never overlap. This node's own blocks come first, because
 * its pods have addresses in them whatever others say; among other nodes the oldest wins, then the first by name. A younger node whose
 * block overlaps gets no block until the older node is gone.
 *
 * <p>A node's address must not lie in another node's block. If it does, one of the two is wrong. The block is wrong if it contains the
 * addresses of several older nodes or is not apart from our own subnet. Otherwise the address is wrong, because a kubelet may change it at
 * any time and only its own pods suffer. One address may be the InternalIP of several nodes, for example when a machine registers under a
 * new name: both keep it.
 *
 * @param heard nodes as they were received
 * @param claimed who claims each block
 * @param addresses who claims each InternalIP
 * @param owners who has each block; they are disjoint
 * @param cut nodes from which something was left out because it belongs to others or cannot be true
 * @param granted all nodes, including these
 * @param complaints about nodes that lost something, or share an address, by object
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
