/** Makes the kernel look like the plan. */
module fyr.reconciler {
    requires transitive fyr.kernel;
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.reconciler;
}
