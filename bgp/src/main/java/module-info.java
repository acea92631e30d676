/** BGP: paths and their attributes as values, the wire format, the state machine of a session. BFD, which watches the peers. */
module fyr.bgp {
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.bgp.bfd;
    exports fyr.bgp.message;
    exports fyr.bgp.path;
    exports fyr.bgp.session;
    exports fyr.bgp.speaker;
    exports fyr.bgp.filter;
    exports fyr.bgp.rib;
}
