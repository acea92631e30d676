package fyr.agent;

/** Whether the node's network can be relied on. */
sealed interface Readiness {

    /** The kernel follows the cluster. */
    record Ready() implements Readiness {}

    /** It does not, or not yet. */
    record NotReady(String why) implements Readiness {}

    /** Ready if all are; otherwise why the first is not. */
    static Readiness all(Readiness... parts) {
        for (Readiness part : parts) {
            if (part instanceof NotReady) {
                return part;
            }
        }
        return new Ready();
    }
}
