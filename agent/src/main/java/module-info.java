/** The node daemon: its parts, what it reports, and its command. Neither the lab nor its API server nor the benchmarks are visible here. */
module fyr.agent {
    requires transitive fyr.compiler;
    requires transitive fyr.model;
    requires fyr.cluster;
    requires fyr.cni;
    requires fyr.dns;
    requires transitive fyr.kernel;
    requires fyr.kernel.linux;
    requires transitive info.picocli;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.management;
    requires java.net.http;
    requires jdk.httpserver;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports fyr.agent;
    exports fyr.agent.command;
    exports fyr.agent.observe;
    exports fyr.agent.observe.log;
    exports fyr.agent.proxy;
    exports fyr.agent.query;

    opens fyr.agent.command to
            info.picocli;

    provides System.LoggerFinder with
            fyr.agent.observe.log.LineLoggers;
}
