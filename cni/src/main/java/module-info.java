/** The CNI protocol, address management and pod attachment. */
module fyr.cni {
    requires transitive fyr.kernel;
    requires transitive fyr.model;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.cni;
    exports fyr.cni.protocol;
}
