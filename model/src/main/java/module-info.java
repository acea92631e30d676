/** Facts about the cluster as immutable records. */
module fyr.model {
    requires static transitive org.jspecify;

    exports fyr.model;
    exports fyr.model.address;
    exports fyr.model.balancer;
    exports fyr.model.name;
    exports fyr.model.observation;
    exports fyr.model.persistent;
    exports fyr.model.policy;
}
