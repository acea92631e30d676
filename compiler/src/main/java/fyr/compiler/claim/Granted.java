package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/** The state that features compile from, in which nothing is claimed twice. */
public record Granted(
        NodeClaims nodes,
        ServiceClaims services,
        AttachmentClaims attached,
        HostPortClaims hostPorts,
        RangeClaims ranges) {

    /** The state of a cluster of which nothing is known. */
    public static Granted nothing(NodeIdentity identity) {
        return new Granted(
                NodeClaims.none(identity),
                ServiceClaims.none(identity),
                AttachmentClaims.none(),
                HostPortClaims.none(identity),
                RangeClaims.none(identity));
    }

    /** The state for new inputs. Only what changed is processed, and what it conflicts with. */
    public Granted next(NodeInputs inputs) {
        NodeClaims decidedNodes = nodes.next(inputs.snapshot().nodes());
        ServiceClaims decidedServices = services.next(inputs.snapshot().services(), decidedNodes);
        AttachmentClaims decidedAttached = attached.next(inputs.attachments());
        return new Granted(
                decidedNodes,
                decidedServices,
                decidedAttached,
                hostPorts.next(decidedAttached.granted(), decidedServices.granted()),
                ranges.next(inputs.snapshot().serviceCidrs(), decidedNodes));
    }

    /** The inputs with the granted nodes, services and attachments instead of their own. */
    public NodeInputs in(NodeInputs inputs) {
        return inputs.with(inputs.snapshot().withNodes(nodes.granted()).withServices(services.granted()))
                .withAttachments(hostPorts.granted());
    }

    /** What was left out and why, by object; a part that has not changed since the previous state is the same instance. */
    public List<PersistentMap<String, List<Complaint>>> complaints() {
        return List.of(
                nodes.complaints(),
                services.complaints(),
                attached.complaints(),
                hostPorts.complaints(),
                ranges.complaints());
    }
}
