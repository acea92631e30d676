/** The real kernel: the only module that calls native code. Speaks netlink to the kernel; for chains of iptables it starts the programs that
 * write them. */
module fyr.kernel.linux {
    requires transitive fyr.kernel;
    requires static transitive org.jspecify;

    exports fyr.kernel.linux;
    exports fyr.kernel.linux.datagram;
    exports fyr.kernel.linux.namespace;
    exports fyr.kernel.linux.packet;
    exports fyr.kernel.linux.socket;
    exports fyr.kernel.linux.wiring;
}
