package fyr.compiler.feature;

import fyr.kernel.plan.KernelPlan;

/** A feature that depends on nothing but the node's identity. */
public record Constant(KernelPlan kernel) implements Feature<Constant> {

    @Override
    public Constant next(FeatureInputs inputs) {
        return this;
    }
}
