package fyr.cni;

/** Whether pods are attached. */
public sealed interface Serving {

    /** They are attached, with this network. */
    record Open(PodNetwork network) implements Serving {}

    /** They are attached, but at present every ADD will fail for this reason, which STATUS reports. */
    record Limited(PodNetwork network, String why) implements Serving {}

    /** They are not attached, for this reason; DEL, CHECK and GC still work. */
    record Closed(String why) implements Serving {}
}
