package fyr.kernel.pod;

import java.util.List;
import java.util.SortedMap;

/** Makes, checks and removes pods' links. Safe on any platform thread; pods do not wait for each other longer than the kernel makes them. */
public interface PodLinks {

    /**
     * Makes the pair with its far end in the pod's namespace, and sets addresses, default routes and gateway neighbours there. The routes
     * and neighbours of the node's side are not made here: they are part of the plan. On failure nothing is left behind.
     *
     * @throws fyr.kernel.KernelException EEXIST if the pod has a link of that name already; ENOENT if there is no such namespace
     */
    void create(PodLink link);

    /** Removes the pair by the node's end; absence is no error. */
    void delete(String hostName);

    /** What of the link is missing or different, one line each; empty if all is well. */
    List<String> check(ExpectedPodLink expected);

    /** As above, for a link that nobody is known to have changed. */
    default List<String> check(PodLink link) {
        return check(ExpectedPodLink.asMade(link));
    }

    /** The node's ends that exist, and whether each is up. */
    SortedMap<String, Boolean> hostEnds();

    /**
     * Sets a node's end up that somebody set down.
     *
     * @return whether there is such a link
     */
    boolean setUp(String hostName);
}
