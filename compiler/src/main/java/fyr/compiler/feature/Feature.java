package fyr.compiler.feature;

import fyr.kernel.plan.KernelPlan;

/**
 * One feature's share in the plan of a node, for certain inputs. Immutable.
 *
 * @param <F> the feature itself
 */
public interface Feature<F extends Feature<F>> {

    /**
     * The share for other inputs of the same node. It depends on those inputs alone: this share makes it cheaper, in proportion to what changed
     * between the two, and never changes the result.
     */
    F next(FeatureInputs inputs);

    /** What the feature wants in the kernel. Two features never have a key in common. */
    KernelPlan kernel();
}
