/** {@link fyr.kernel.plan.KernelPlan}: the desired contents of every table of one node; and a tracer, which says what its packet rules do to a packet. */
@NullMarked
package fyr.kernel.plan;

import org.jspecify.annotations.NullMarked;
