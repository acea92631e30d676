/** Computes, as pure functions, the whole desired state of a node. */
module fyr.compiler {
    requires transitive fyr.model;
    requires transitive fyr.kernel;
    requires fyr.policy;
    requires static transitive org.jspecify;

    exports fyr.compiler;
    exports fyr.compiler.claim;
    exports fyr.compiler.conntrack;
    exports fyr.compiler.dns;
    exports fyr.compiler.feature;
    exports fyr.compiler.guard;
    exports fyr.compiler.hostport;
    exports fyr.compiler.masquerade;
    exports fyr.compiler.nft;
    exports fyr.compiler.policy;
    exports fyr.compiler.routing;
    exports fyr.compiler.service;
    exports fyr.compiler.service.frontend;
    exports fyr.compiler.service.iptables;
    exports fyr.compiler.service.ipvs;
    exports fyr.compiler.service.nft;
    exports fyr.compiler.service.unserved;
    exports fyr.compiler.settings;
}
