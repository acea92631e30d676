package fyr.cni;

/** Whether pods are to be attached. */
public sealed interface Serving {

    /** They are, with this network. */
    record Open(PodNetwork network) implements Serving {}

    /** They are to be, but as things are every ADD will fail, for this reason, which STATUS tells. */
    record Limited(PodNetwork network, String why) implements Serving {}

    /** They are not, for this reason; DEL, CHECK and GC work on. */
    record Closed(String why) implements Serving {}
}
