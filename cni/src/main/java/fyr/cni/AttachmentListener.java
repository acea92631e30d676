package fyr.cni;

import fyr.model.Attachment;
import fyr.model.persistent.PersistentMap;
import java.util.concurrent.CompletionStage;

/** Told of every change of the node's attachments. */
@FunctionalInterface
public interface AttachmentListener {

    /**
     * These are the attachments now; keys are {@code container/interface}. Called in the order of changes and never twice at once, on the
     * thread of whoever caused the change, which holds a lock: it has to return at once. The same map may come again (a repeated ADD).
     *
     * @return completed when the kernel carries the traffic of all of them: an ADD does not answer before. Completed exceptionally if
     *     that cannot be: the ADD fails and is undone
     */
    CompletionStage<?> changed(PersistentMap<String, Attachment> attachments);
}
