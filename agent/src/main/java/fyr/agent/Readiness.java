package fyr.agent;

/** Whether the node's network is reliable. */
sealed interface Readiness {

    /** The kernel follows the cluster. */
    record Ready() implements Readiness {}

    /** The kernel follows the cluster, but somebody should act before it no longer does. */
    record Strained(String remark) implements Readiness {}

    /** The kernel does not follow the cluster, or not yet. */
    record NotReady(String why) implements Readiness {}

    /** Ready if all are ready; otherwise the reason of the first that is not. If all are ready, the first remark. */
    static Readiness all(Readiness... parts) {
        Readiness all = new Ready();
        for (Readiness part : parts) {
            switch (part) {
                case NotReady _ -> {
                    return part;
                }
                case Strained _ -> all = all instanceof Ready ? part : all;
                case Ready _ -> {}
            }
        }
        return all;
    }
}
