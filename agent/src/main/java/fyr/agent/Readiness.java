package fyr.agent;

/** Whether the node's network can be relied on. */
sealed interface Readiness {

    /** The kernel follows the cluster. */
    record Ready() implements Readiness {}

    /** It does, and there is something that somebody should look at before it does not. */
    record Strained(String remark) implements Readiness {}

    /** It does not, or not yet. */
    record NotReady(String why) implements Readiness {}

    /** Ready if all are; otherwise why the first is not. Of ready ones the first remark. */
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
