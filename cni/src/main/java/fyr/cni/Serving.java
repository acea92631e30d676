package fyr.cni;

/** Whether pods are to be attached. */
public sealed interface Serving {

    /** They are, with this network. */
    record Open(PodNetwork network) implements Serving {}

    /** They are, as far as it goes; STATUS says why pods may have limited connectivity. */
    record Limited(PodNetwork network, String why) implements Serving {}

    /** They are not, for this reason; DEL, CHECK and GC work on. */
    record Closed(String why) implements Serving {}
}
