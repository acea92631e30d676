package fyr.agent;

import fyr.compiler.NodePlan;

/** What follows the node's plans beside the kernel. Called on the agent's loop. */
interface RoundFollower {

    /** A plan was made; the kernel is about to be told of it. */
    void planned(NodePlan plan);

    /**
     * A round has ended.
     *
     * @return whether nothing is left to do here; otherwise there is another round soon
     */
    boolean ended(Round round);
}
