package fyr.agent;

import fyr.kernel.KernelException;
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
    private final Supplier<? extends Set<String>> existing;
    private final Predicate<String> setUp;
    private final Runnable heal;
    private final Consumer<Observation> observer;
    private Set<String> gone = Set.of();
    private boolean vanished;

    /**
     * @param links the names of the pods' links that exist, and whether each is up
     * @param existing the names of those that the kernel has; unlike {@code links} it leaves a link out as soon as it is removed
     * @param setUp sets one of them up; false if it is not there any more
     * @param heal called when a pod is found whose link is gone, once for each
     */
    LivePods(
            Supplier<? extends Map<String, Boolean>> links,
            Supplier<? extends Set<String>> existing,
            Predicate<String> setUp,
            Runnable heal,
            Consumer<Observation> observer) {
        this.links = links;
        this.existing = existing;
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
        vanished = false;
        return missing.isEmpty() ? attachments : attachments.withoutAll(missing);
    }

    /**
     * Asks the kernel only if a link was missing when it was last asked. Otherwise all links are there: the link of a new pod has just been
     * made, and the kernel reports links that go.
     */
    PersistentMap<String, Attachment> listPresentIfAnyWasMissing(PersistentMap<String, Attachment> attachments) {
        return gone.isEmpty() && !vanished ? attachments : listPresent(attachments);
    }

    /**
     * Those of these links that are pods' and are gone by now. Unlike {@link #listPresent} it counts a link as gone that a DEL is removing,
     * as soon as the kernel does not have it. A failure to find out is no reason to doubt that they are there.
     */
    Set<String> vanishedOf(PersistentMap<String, Attachment> attachments, Set<String> asked) {
        Set<String> missing = new TreeSet<>();
        attachments.forEach((_, attachment) -> missing.add(attachment.hostLink()));
        missing.retainAll(asked);
        if (!missing.isEmpty()) {
            try {
                missing.removeAll(existing.get());
            } catch (KernelException e) {
                return Set.of();
            }
        }
        vanished |= !missing.isEmpty();
        return missing;
    }

    /** The pods that have other links than these. */
    static PersistentMap<String, Attachment> without(PersistentMap<String, Attachment> attachments, Set<String> links) {
        Set<String> keys = new TreeSet<>();
        attachments.forEach((key, attachment) -> {
            if (links.contains(attachment.hostLink())) {
                keys.add(key);
            }
        });
        return attachments.withoutAll(keys);
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
