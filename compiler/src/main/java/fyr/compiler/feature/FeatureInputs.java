package fyr.compiler.feature;

import fyr.compiler.service.ServiceTable;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/**
 * What features compile from.
 *
 * @param heard the inputs of the node, in which two objects may claim one key
 * @param granted the same inputs with each key granted to one object
 * @param services what the granted services mean on this node
 * @param ranges which addresses are virtual, whether a Service has them or not
 */
public record FeatureInputs(NodeInputs heard, NodeInputs granted, ServiceTable services, List<Prefix> ranges) {

    public FeatureInputs {
        ranges = List.copyOf(ranges);
    }

    /** The inputs of features on a node whose objects have no claims in common. */
    public static FeatureInputs of(NodeInputs inputs) {
        ServiceTable services = ServiceTable.empty(inputs.identity());
        return new FeatureInputs(inputs, inputs, services.next(inputs.snapshot()), List.of());
    }

    /** What the node knows about itself. */
    public NodeIdentity identity() {
        return granted.identity();
    }

    /** The granted part of the cluster. */
    public ClusterSnapshot snapshot() {
        return granted.snapshot();
    }

    /** The node's pods, each address once. */
    public PersistentMap<String, Attachment> attachments() {
        return granted.attachments();
    }
}
