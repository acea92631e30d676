/** Lists and watches the API server, or reads manifests: the only module that knows Kubernetes JSON. */
module fyr.cluster {
    requires transitive fyr.model;
    requires java.net.http;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;
    requires transitive tools.jackson.core;

    exports fyr.cluster;
    exports fyr.cluster.access;
    exports fyr.cluster.client;
    exports fyr.cluster.event;
    exports fyr.cluster.manifest;
    exports fyr.cluster.protobuf;
    exports fyr.cluster.read;
}
