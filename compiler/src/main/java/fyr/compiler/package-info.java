/** From {@link fyr.model.ClusterSnapshot} and {@link fyr.compiler.NodeIdentity} to {@link fyr.compiler.NodePlan}. Pure: no clock, thread, logger or input and output; the same state gives the same plan by any road, and a plan shares with the one before what did not change in what is large. */
@NullMarked
package fyr.compiler;

import org.jspecify.annotations.NullMarked;
