/** {@link fyr.kernel.plan.KernelPlan}: the desired contents of every table of one node. */
@NullMarked
package fyr.kernel.plan;

import org.jspecify.annotations.NullMarked;
