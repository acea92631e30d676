/**
 * The shape of everything that has a share in a node's plan. In: {@link fyr.compiler.feature.NodeInputs}. Out: a
 * {@link fyr.kernel.plan.KernelPlan} for each feature and, merged, for the node. A feature must not look at another feature; what several
 * need (what claims were granted, what services mean) is computed before them and handed to all.
 */
@NullMarked
package fyr.compiler.feature;

import org.jspecify.annotations.NullMarked;
