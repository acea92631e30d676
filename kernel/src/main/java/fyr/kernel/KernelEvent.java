package fyr.kernel;

import fyr.kernel.nft.NftKey;
import java.util.Set;

/** A hint that something changed. It does not say what is there now; only listing does. */
public sealed interface KernelEvent {

    /** A table may have changed. {@code deletion} means that something was removed; {@code detail} is for people. */
    record Changed(Subject subject, boolean deletion, String detail) implements KernelEvent {}

    /**
     * Some packet rules may have changed.
     *
     * @param keys what was named; with a table or a set, everything in it may have changed as well
     */
    record RulesChanged(Set<NftKey> keys, boolean deletion, String detail) implements KernelEvent {
        public RulesChanged {
            keys = Set.copyOf(keys);
        }
    }

    /**
     * The node's end of a pod's link went down. Either somebody set it down, and the routes and neighbours of the pod were removed with
     * that; or it is about to be removed, which needs no reaction.
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
