/** Counters and events: what happened, in terms of the plan. */
module fyr.observe {
    requires transitive fyr.model;
    requires fyr.kernel;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires static transitive org.jspecify;

    exports fyr.observe;
    exports fyr.observe.log;

    provides System.LoggerFinder with
            fyr.observe.log.LineLoggers;
}
