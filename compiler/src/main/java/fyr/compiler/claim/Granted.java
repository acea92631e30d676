package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/** The state that features compile from, in which nothing is claimed twice. */
public record Granted(NodeClaims nodes, ServiceClaims services, AttachmentClaims attached) {

    /** The state of a cluster of which nothing is known. */
    public static Granted nothing(NodeIdentity identity) {
        return new Granted(NodeClaims.none(identity), ServiceClaims.none(identity), AttachmentClaims.none());
    }

    /** The state for new inputs. Only what changed is processed, and what it conflicts with. */
    public Granted next(NodeInputs inputs) {
        NodeClaims decided = nodes.next(inputs.snapshot().nodes());
        return new Granted(
                decided, services.next(inputs.snapshot().services(), decided), attached.next(inputs.attachments()));
    }

    /** The inputs with the granted nodes, services and attachments instead of their own. */
    public NodeInputs in(NodeInputs inputs) {
        return inputs.with(inputs.snapshot().withNodes(nodes.granted()).withServices(services.granted()))
                .withAttachments(attached.granted());
    }

    /** What was left out and why, by object; a part that has not changed since the previous state is the same instance. */
    public List<PersistentMap<String, List<Complaint>>> complaints() {
        return List.of(nodes.complaints(), services.complaints(), attached.complaints());
    }
}
