package fyr.compiler.feature;

import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.persistent.PersistentMap;

/**
 * Everything that the plan of a node is a function of.
 *
 * @param identity what the node knows about itself
 * @param snapshot what the node knows of the cluster
 * @param attachments the node's pods, by the key of their attachment
 */
public record NodeInputs(
        NodeIdentity identity, ClusterSnapshot snapshot, PersistentMap<String, Attachment> attachments) {

    /** A node without pods that knows nothing of the cluster. */
    public static NodeInputs of(NodeIdentity identity) {
        return new NodeInputs(identity, ClusterSnapshot.empty(), PersistentMap.empty());
    }

    /** The same with another snapshot. */
    public NodeInputs with(ClusterSnapshot other) {
        return new NodeInputs(identity, other, attachments);
    }

    /** The same with other pods. */
    public NodeInputs withAttachments(PersistentMap<String, Attachment> others) {
        return new NodeInputs(identity, snapshot, others);
    }
}
