/**
 * Makes the kernel look like the plan, again and again: applies differences, repairs what others removed, tries again what failed. In: a
 * {@link fyr.kernel.plan.KernelPlan} and kernel events. Out: changes to {@link fyr.kernel.Kernel} and observations. It knows nothing of
 * the cluster.
 */
@NullMarked
package fyr.kernel.reconciler;

import org.jspecify.annotations.NullMarked;
