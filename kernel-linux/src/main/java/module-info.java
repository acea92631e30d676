/** The real kernel: the only module that calls native code. Speaks netlink to the kernel, and starts no process. */
module fyr.kernel.linux {
    requires transitive fyr.kernel;
    requires static transitive org.jspecify;

    exports fyr.kernel.linux;
    exports fyr.kernel.linux.datagram;
    exports fyr.kernel.linux.namespace;
    exports fyr.kernel.linux.wiring;
}
