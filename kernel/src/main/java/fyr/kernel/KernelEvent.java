package fyr.kernel;

import fyr.kernel.nft.NftKey;
import java.util.Set;

/** A hint that something changed; never the truth about what is there now, which only listing tells. */
public sealed interface KernelEvent {

    /** A table may differ from what it was. {@code deletion} tells that something was removed; {@code detail} is for people. */
    record Changed(Subject subject, boolean deletion, String detail) implements KernelEvent {}

    /**
     * Some packet rules may differ from what they were.
     *
     * @param keys what was named; with a table or a set, all that is in it may have changed as well
     */
    record RulesChanged(Set<NftKey> keys, boolean deletion, String detail) implements KernelEvent {
        public RulesChanged {
            keys = Set.copyOf(keys);
        }
    }

    /**
     * The node's end of a pod's link went down: somebody set it so, and with it went the routes and neighbours of the pod; or it is about
     * to be removed, which is no news.
     */
    record PodLinkDown(String hostName) implements KernelEvent {}

    /** The kernel could not keep up and dropped notifications (ENOBUFS): everything may have changed. */
    record Overrun() implements KernelEvent {}

    /** What an event is about. */
    enum Subject {
        LINK,
        ADDRESS,
        ROUTE,
        NEIGHBOUR,
        NFT,
        SYSCTL
    }
}
