package fyr.agent;

/** Whether the node's network can be relied on. */
sealed interface Readiness {

    /** The kernel follows the cluster. */
    record Ready() implements Readiness {}

    /** It does not, or not yet. */
    record NotReady(String why) implements Readiness {}
}
