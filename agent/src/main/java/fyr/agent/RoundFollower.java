package fyr.agent;

import fyr.compiler.NodePlan;
import fyr.model.ClusterSnapshot;

/** What follows the node's plans beside the kernel. Called on the agent's loop. */
interface RoundFollower {

    /** A round begins to follow a cluster: a plan is about to be made. */
    default void began(ClusterSnapshot snapshot) {}

    /** A plan was made; the kernel is about to be told of it. */
    void planned(NodePlan plan);

    /**
     * A round has ended.
     *
     * @return whether nothing is left to do here; otherwise there is another round soon
     */
    boolean ended(Round round);
}
