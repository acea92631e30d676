/** The composition root of the node daemon. */
module fyr.agent {
    requires transitive fyr.compiler;
    requires transitive fyr.model;
    requires fyr.cluster;
    requires fyr.cni;
    requires fyr.dns;
    requires transitive fyr.kernel;
    requires fyr.kernel.linux;
    requires transitive fyr.observe;
    requires fyr.reconciler;
    requires java.management;
    requires jdk.httpserver;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.agent;
    exports fyr.agent.query;
}
