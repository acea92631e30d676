/** The vocabulary of Linux networking and the ports to it. */
module fyr.kernel {
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.kernel;
    exports fyr.kernel.conntrack;
    exports fyr.kernel.link;
    exports fyr.kernel.nft;
    exports fyr.kernel.plan;
    exports fyr.kernel.pod;
    exports fyr.kernel.route;
    exports fyr.kernel.text;
}
