/** The lab's API server and its controllers, in one process and in memory. They know nothing of the network, the kernel and the lab. */
module fyr.apiserver {
    requires transitive fyr.model;
    requires java.net.http; // of the tests, which are clients
    requires transitive jdk.httpserver;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.apiserver;
    exports fyr.apiserver.controller;
    exports fyr.apiserver.http;
    exports fyr.apiserver.kinds;
    exports fyr.apiserver.object;
    exports fyr.apiserver.patch;
    exports fyr.apiserver.schema;
    exports fyr.apiserver.store;
}
