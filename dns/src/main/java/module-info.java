/** Cluster DNS: the wire format, answers from what the cluster says, a server, a forwarder for all other names. */
module fyr.dns {
    requires transitive fyr.model;
    requires static transitive org.jspecify;

    exports fyr.dns;
    exports fyr.dns.answer;
    exports fyr.dns.forward;
    exports fyr.dns.message;
    exports fyr.dns.server;
}
