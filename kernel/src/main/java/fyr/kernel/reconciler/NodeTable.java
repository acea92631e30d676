package fyr.kernel.reconciler;

import fyr.kernel.TableId;
import fyr.kernel.plan.KernelPlan;

/** One table of a node and what keeps it as the plan says. */
record NodeTable<K extends Comparable<? super K>, V>(TableId<K, V> id, Reconciler<K, V> reconciler) {

    /** The first half of a change; {@link Reconciler#remove} must follow. */
    void put(KernelPlan plan) {
        reconciler.put(plan.table(id));
    }

    /** A change at once. */
    boolean reconcile(KernelPlan plan) {
        return reconciler.reconcile(plan.table(id));
    }
}
