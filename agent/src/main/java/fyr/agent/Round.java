package fyr.agent;

import fyr.compiler.NodePlan;
import java.util.Optional;

/** How a round of the loop ended. */
sealed interface Round {

    /** The kernel follows this plan. */
    record Followed(NodePlan whole) implements Round {}

    /**
     * The kernel follows this plan except for what it refused, which is retried.
     *
     * @param noPod why no pod could be attached now; empty if the refusals concern others
     */
    record Refused(NodePlan most, String why, Optional<String> noPod) implements Round {}

    /** There is no plan: the text says what is missing. The next snapshot or link event will start another round. */
    record Unplanned(String why) implements Round {}

    /** A bug in Fyr; the round is retried. */
    record Failed(String why) implements Round {}

    /** Whether the kernel follows the cluster. */
    default Readiness readiness() {
        return switch (this) {
            case Followed _ -> new Readiness.Ready();
            case Refused(var _, String why, var _) -> new Readiness.NotReady("the kernel refused a change: " + why);
            case Unplanned(String why) -> new Readiness.NotReady(why);
            case Failed(String why) -> new Readiness.NotReady("a round failed: " + why);
        };
    }

    /** Whether there is nothing to retry. */
    default boolean settled() {
        return switch (this) {
            case Followed _, Unplanned _ -> true;
            case Refused _, Failed _ -> false;
        };
    }

    /** The plan that the kernel follows, at least in part. */
    default Optional<NodePlan> plan() {
        return switch (this) {
            case Followed(NodePlan followed) -> Optional.of(followed);
            case Refused(NodePlan followed, var _, var _) -> Optional.of(followed);
            case Unplanned _, Failed _ -> Optional.empty();
        };
    }
}
