/** The vocabulary of Linux networking, the ports to it, and the reconciler that works through them. */
module fyr.kernel {
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.kernel;
    exports fyr.kernel.conntrack;
    exports fyr.kernel.iptables;
    exports fyr.kernel.ipvs;
    exports fyr.kernel.link;
    exports fyr.kernel.nft;
    exports fyr.kernel.plan;
    exports fyr.kernel.pod;
    exports fyr.kernel.reconciler;
    exports fyr.kernel.route;
    exports fyr.kernel.socket;
    exports fyr.kernel.text;
}
