package fyr.agent;

import fyr.compiler.NodePlan;

/** What follows a node's plans beside the kernel. Called on the agent's loop. */
interface PlanFollower {

    /** A plan was made; the kernel is about to be told of it. */
    void planned(NodePlan plan);

    /** The kernel follows the plan wholly. */
    void applied(NodePlan plan);

    /**
     * The kernel was told of the plan, though it may have refused a part.
     *
     * @return whether nothing is left to do here; otherwise this is called again soon
     */
    boolean attempted(NodePlan plan);
}
