/** The real kernel: the only module that calls native code. Speaks netlink to the kernel, and starts no process. */
module fyr.kernel.linux {
    requires transitive fyr.kernel;
    requires static transitive org.jspecify;

    exports fyr.linux;
    exports fyr.linux.datagram;
    exports fyr.linux.namespace;
    exports fyr.linux.wiring;
}
