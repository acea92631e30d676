package fyr.agent;

import fyr.model.Attachment;
import fyr.model.persistent.PersistentMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Leaves out pods whose links are gone. A namespace that ends takes its links along, and the DEL may come later or never; the routes to such
 * a pod cannot be set any more, and trying would keep every other pod waiting. Used by one thread.
 */
final class LivePods {

    private final Supplier<? extends Set<String>> links;
    private final Runnable heal;
    private Set<String> gone = Set.of();

    /**
     * @param links the names of the pods' links that exist
     * @param heal called when a pod is found whose link is gone, once for each
     */
    LivePods(Supplier<? extends Set<String>> links, Runnable heal) {
        this.links = links;
        this.heal = heal;
    }

    /** The pods that have their links; the map itself if all have. */
    PersistentMap<String, Attachment> among(PersistentMap<String, Attachment> attachments) {
        if (attachments.isEmpty()) {
            return attachments;
        }
        Set<String> existing = links.get();
        Set<String> missing = new TreeSet<>();
        attachments.forEach((key, attachment) -> {
            if (!existing.contains(attachment.hostLink())) {
                missing.add(key);
            }
        });
        if (!gone.containsAll(missing)) {
            heal.run();
        }
        gone = missing;
        return missing.isEmpty() ? attachments : attachments.withoutAll(missing);
    }
}
