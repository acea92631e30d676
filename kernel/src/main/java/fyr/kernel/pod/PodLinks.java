package fyr.kernel.pod;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * Creates, checks and removes pods' links. Safe on any platform thread; calls for different pods wait for each other only as long as the
 * kernel requires. Of the changes that others make to a link, only setting it down is repaired ({@link #setUp}); {@link #check} reports the
 * rest.
 */
public interface PodLinks {

    /**
     * Creates the pair with its far end in the pod's namespace, and sets the node's end up. The result does the remaining work in the pod;
     * meanwhile the node's side may be configured: its routes and neighbours are not created here, they are part of the plan. On failure
     * nothing is left behind.
     *
     * @throws fyr.kernel.KernelException EEXIST if the pod has a link of that name already; ENOENT if there is no such namespace
     */
    PodEnd make(PodLink link);

    /** The pod's end of a link that has just been created. Must be closed, which does not change the link. */
    interface PodEnd extends AutoCloseable {

        /** Sets addresses, default routes and gateway neighbours in the pod. If this fails, the link must be deleted. */
        void configure();

        @Override
        void close();
    }

    /** Creates the whole link, or nothing. */
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
     * Removes the pair by the node's end; a missing link is no error. When this returns, neither end is visible any more, in the pod or
     * outside, and the name is free.
     */
    void delete(String hostName);

    /** What is missing or different on the link, one line each; empty if all is well. */
    List<String> check(ExpectedPodLink expected);

    /** As above, for a link that nobody is known to have changed. */
    default List<String> check(PodLink link) {
        return check(ExpectedPodLink.asMade(link));
    }

    /**
     * The node's ends that exist, and whether each is as it should be: up, and without ARP. An end that {@link #delete} is removing counts
     * as such: whoever removes it expects that it disappears, and until then its pod is attached.
     */
    SortedMap<String, Boolean> hostEnds();

    /** The node's ends that the kernel has, whoever is removing them. */
    Set<String> existing();

    /**
     * Sets up a node's end that somebody set down, and turns its ARP off.
     *
     * @return whether there is such a link that {@link #delete} is not removing
     */
    boolean setUp(String hostName);
}
