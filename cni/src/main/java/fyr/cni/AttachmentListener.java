package fyr.cni;

import fyr.model.Attachment;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Told of every change of the node's attachments. */
@FunctionalInterface
public interface AttachmentListener {

    /**
     * These are the attachments now; keys are {@link Attachment#key}. Called in the order of changes and never twice at once, on the
     * thread of whoever caused the change, which holds a lock: it has to return at once. The same map may come again (a repeated ADD).
     *
     * @param added the one that an ADD waits for; empty if nobody waits
     * @return completed when the kernel carries the traffic of the one that was added: its ADD does not answer before. Completed
     *     exceptionally if that cannot be: the ADD fails and is undone
     */
    CompletionStage<?> changed(PersistentMap<String, Attachment> attachments, Optional<Attachment> added);
}
