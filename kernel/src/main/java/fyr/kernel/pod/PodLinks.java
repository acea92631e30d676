package fyr.kernel.pod;

import java.util.List;
import java.util.SortedMap;

/**
 * Makes, checks and removes pods' links. Safe on any platform thread; pods do not wait for each other longer than the kernel makes them. Of
 * what others do to a link afterwards only its being down is repaired ({@link #setUp}); {@link #check} tells of the rest.
 */
public interface PodLinks {

    /**
     * Makes the pair with its far end in the pod's namespace, and sets the node's end up. What is left to do in the pod is done by the
     * result, meanwhile the node's side may be set: its routes and neighbours are not made here, they are part of the plan. On failure
     * nothing is left behind.
     *
     * @throws fyr.kernel.KernelException EEXIST if the pod has a link of that name already; ENOENT if there is no such namespace
     */
    PodEnd make(PodLink link);

    /** The pod's end of a link that has just been made. To be closed, by which the link does not change. */
    interface PodEnd extends AutoCloseable {

        /** Sets addresses, default routes and gateway neighbours in the pod. If it fails, the link is to be deleted. */
        void configure();

        @Override
        void close();
    }

    /** Makes all of a link, or nothing. */
    default void create(PodLink link) {
        try (PodEnd pod = make(link)) {
            try {
                pod.configure();
            } catch (RuntimeException failure) {
                delete(link.hostName());
                throw failure;
            }
        }
    }

    /**
     * Removes the pair by the node's end; absence is no error. When this returns neither end is to be seen any more, in the pod or outside,
     * and the name is free.
     */
    void delete(String hostName);

    /** What of the link is missing or different, one line each; empty if all is well. */
    List<String> check(ExpectedPodLink expected);

    /** As above, for a link that nobody is known to have changed. */
    default List<String> check(PodLink link) {
        return check(ExpectedPodLink.asMade(link));
    }

    /**
     * The node's ends that exist, and whether each is as it should be: up, and without ARP. One that {@link #delete} is removing counts as
     * such: that it goes is no news to who removes it, and until it is gone its pod is attached.
     */
    SortedMap<String, Boolean> hostEnds();

    /**
     * Sets a node's end up that somebody set down, and its ARP off.
     *
     * @return whether there is such a link, and {@link #delete} is not removing it
     */
    boolean setUp(String hostName);
}
