package fyr.kernel;

import java.util.Set;

/** A hint that something changed. It does not say what is there now; only listing does. */
public sealed interface KernelEvent {

    /** A table may have changed. {@code deletion} means that something was removed; {@code detail} is for people. */
    record Changed(Subject subject, boolean deletion, String detail) implements KernelEvent {}

    /**
     * Some entries of a table may have changed.
     *
     * @param keys what was named; what is inside one of them may have changed as well
     */
    record EntriesChanged<K extends Comparable<? super K>>(
            TableId<K, ?> table, Set<K> keys, boolean deletion, String detail) implements KernelEvent {
        public EntriesChanged {
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

    /**
     * What an event is about. Tables name the subjects after which they are in doubt ({@link TableId#doubtfulAfter}).
     *
     * @param name of the subject, for people
     */
    record Subject(String name) {

        public static final Subject LINK = new Subject("link");
        public static final Subject ADDRESS = new Subject("address");
        public static final Subject ROUTE = new Subject("route");
        public static final Subject NEIGHBOUR = new Subject("neighbour");
        public static final Subject NFT = new Subject("nft");
        public static final Subject SYSCTL = new Subject("sysctl");

        /** The node's end of a pod's link that was down and is up again. */
        public static final Subject POD_LINK = new Subject("pod link");
    }
}
