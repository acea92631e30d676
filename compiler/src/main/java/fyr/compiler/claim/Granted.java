package fyr.compiler.claim;

import fyr.compiler.NodeIdentity;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
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
    public Granted next(ClusterSnapshot snapshot, PersistentMap<String, Attachment> attachments) {
        NodeClaims decided = nodes.next(snapshot.nodes());
        return new Granted(decided, services.next(snapshot.services(), decided), attached.next(attachments));
    }

    /** A snapshot with these nodes and services instead of its own. */
    public ClusterSnapshot in(ClusterSnapshot snapshot) {
        return snapshot.withNodes(nodes.granted()).withServices(services.granted());
    }

    /** This node's attachments, each address once. */
    public PersistentMap<String, Attachment> attachments() {
        return attached.granted();
    }

    /** What was left out and why, by object; a part that has not changed since the previous state is the same instance. */
    public List<PersistentMap<String, List<Complaint>>> complaints() {
        return List.of(nodes.complaints(), services.complaints(), attached.complaints());
    }
}
