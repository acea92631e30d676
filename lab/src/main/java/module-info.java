/** The rest of Kubernetes in miniature, on one machine and without root. */
module fyr.lab {
    requires transitive fyr.cluster;
    requires fyr.kernel.linux;
    requires fyr.policy;
    requires transitive fyr.model;
    requires java.net.http;
    requires transitive jdk.httpserver;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.lab.api;
    exports fyr.lab.api.http;
    exports fyr.lab.api.kinds;
    exports fyr.lab.api.object;
    exports fyr.lab.api.patch;
    exports fyr.lab.api.schema;
    exports fyr.lab.api.store;
    exports fyr.lab.cluster;
    exports fyr.lab.controller;
}
