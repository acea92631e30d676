/** From {@link fyr.model.ClusterSnapshot} and {@link fyr.compiler.NodeIdentity} to {@link fyr.compiler.NodePlan}. Pure: no clock, thread, logger or input and output; the same state gives the same plan by any road, and what did not change is the same instance as before. */
@NullMarked
package fyr.compiler;

import org.jspecify.annotations.NullMarked;
