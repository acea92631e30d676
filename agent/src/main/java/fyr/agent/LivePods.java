package fyr.agent;

import fyr.model.Attachment;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Leaves out pods whose links are gone, and sets those up that somebody set down. A namespace that ends takes its links along, and the DEL
 * may come later or never; the routes to such a pod cannot be set any more, and trying would keep every other pod waiting. Used by one
 * thread.
 */
final class LivePods {

    private final Supplier<? extends Map<String, Boolean>> links;
    private final Predicate<String> setUp;
    private final Runnable heal;
    private final Consumer<Observation> observer;
    private Set<String> gone = Set.of();

    /**
     * @param links the names of the pods' links that exist, and whether each is up
     * @param setUp sets one of them up; false if it is not there any more
     * @param heal called when a pod is found whose link is gone, once for each
     */
    LivePods(
            Supplier<? extends Map<String, Boolean>> links,
            Predicate<String> setUp,
            Runnable heal,
            Consumer<Observation> observer) {
        this.links = links;
        this.setUp = setUp;
        this.heal = heal;
        this.observer = observer;
    }

    /** The pods that have their links; the map itself if all have. */
    PersistentMap<String, Attachment> listPresent(PersistentMap<String, Attachment> attachments) {
        if (attachments.isEmpty()) {
            return attachments;
        }
        Map<String, Boolean> existing = links.get();
        Set<String> missing = new TreeSet<>();
        attachments.forEach((key, attachment) -> {
            String link = attachment.hostLink();
            if (!existing.containsKey(link) || !existing.get(link) && !setUpAgain(link)) {
                missing.add(key);
            }
        });
        if (!gone.containsAll(missing)) {
            heal.run();
        }
        gone = missing;
        return missing.isEmpty() ? attachments : attachments.withoutAll(missing);
    }

    /**
     * Asks the kernel only if a link was missing when it was last asked. Otherwise all links are there: the link of a new pod has just been
     * made, and the kernel reports links that go.
     */
    PersistentMap<String, Attachment> listPresentIfAnyWasMissing(PersistentMap<String, Attachment> attachments) {
        return gone.isEmpty() ? attachments : listPresent(attachments);
    }

    /**
     * Sets a link up that went down.
     *
     * @return whether it is there: a link that is being removed goes down, too
     */
    boolean setUpAgain(String link) {
        boolean there = setUp.test(link);
        if (there) {
            observer.accept(Observation.DriftRepaired.of("pod links", List.of(link)));
        }
        return there;
    }
}
