package fyr.agent;

import fyr.compiler.NodePlan;
import java.util.Optional;

/** How a round of the loop ended. */
sealed interface Round {

    /** The kernel follows this plan. */
    record Applied(NodePlan applied) implements Round {}

    /**
     * The kernel follows this plan except for what it refused, which is retried.
     *
     * @param podRefusal why no pod could be attached now; empty if the refusals concern others
     */
    record PartlyApplied(NodePlan applied, String reason, Optional<String> podRefusal) implements Round {}

    /** There is no plan: the text says what is missing. The next snapshot or link event will start another round. */
    record NoPlan(String reason) implements Round {}

    /** A bug in Fyr; the round is retried. */
    record Failed(String reason) implements Round {}

    /** Whether the kernel follows the cluster. */
    default Readiness readiness() {
        return switch (this) {
            case Applied _ -> new Readiness.Ready();
            case PartlyApplied(var _, String reason, var _) ->
                new Readiness.NotReady("the kernel refused a change: " + reason);
            case NoPlan(String reason) -> new Readiness.NotReady(reason);
            case Failed(String reason) -> new Readiness.NotReady("a round failed: " + reason);
        };
    }

    /** Whether there is nothing to retry. */
    default boolean settled() {
        return switch (this) {
            case Applied _, NoPlan _ -> true;
            case PartlyApplied _, Failed _ -> false;
        };
    }

    /** The plan that the kernel follows, at least in part. */
    default Optional<NodePlan> plan() {
        return switch (this) {
            case Applied(NodePlan applied) -> Optional.of(applied);
            case PartlyApplied(NodePlan applied, var _, var _) -> Optional.of(applied);
            case NoPlan _, Failed _ -> Optional.empty();
        };
    }
}
