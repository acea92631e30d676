/** Whole clusters on one machine and without root: nodes, kubelets and pods in namespaces, around the API server. */
module fyr.lab {
    requires transitive fyr.apiserver;
    requires transitive fyr.cluster;
    requires fyr.kernel.linux;
    requires fyr.policy;
    requires transitive fyr.model;
    requires transitive jdk.httpserver;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.lab.cluster;
}
