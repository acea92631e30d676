/**
 * Compiles {@link fyr.compiler.feature.NodeInputs} to a {@link fyr.compiler.NodePlan}. Pure: no clock,
 * thread, logger or input and output. The same state always gives the same plan, and a plan shares the unchanged parts of large structures with
 * the previous one.
 */
@NullMarked
package fyr.compiler;

import org.jspecify.annotations.NullMarked;
