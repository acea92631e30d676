package fyr.agent.observe;

import fyr.model.observation.ConntrackShare;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** The counters of one agent, each with its description in {@code /metrics}. Safe on any thread. */
public final class Metrics {

    /** The commands of CNI; anything else is an error of the caller and gets no counter. */
    private static final Set<String> VERBS = Set.of("ADD", "DEL", "CHECK", "GC", "STATUS");

    private final PrometheusRegistry registry = new PrometheusRegistry();

    private final Counter drift = counter(
            "fyr_drift_repaired_total", "Entries of ours that were missing or changed and were put back.", "table");
    private final Counter upserts = counter("fyr_kernel_upserts_total", "Entries written to the kernel.", "table");
    private final Counter deletes = counter("fyr_kernel_deletes_total", "Entries removed from the kernel.", "table");
    private final Counter failures = counter("fyr_kernel_failures_total", "Changes that the kernel refused.", "table");
    private final Counter watchLosses =
            counter("fyr_watch_losses_total", "Times that a watch of the API server was lost.", "kind");
    private final Counter refused = counter(
            "fyr_objects_refused_total",
            "Times that an object of the API server, or a part of it, was left out.",
            "kind");
    private final RefusedNow refusedNow = new RefusedNow(
            registry,
            "fyr_object_refused",
            "1 for each object of the API server that is not carried out as written now");
    private final RefusedNow unsupportedNow = new RefusedNow(
            registry,
            "fyr_object_unsupported",
            "1 for each object of the API server that asks for what is not supported yet");
    private final Counter dnsQueries =
            counter("fyr_dns_queries_total", "DNS queries answered.", "source", "type", "rcode");
    private final Counter dnsLimited = counter(
            "fyr_dns_limited_total",
            "DNS queries unanswered because a client asks more than its share; forgotten ten minutes after the last.",
            "client");
    private final Gauge shares = Gauge.builder()
            .name("fyr_conntrack_share_ratio")
            .help(
                    "Who holds the largest parts of a connection tracking table that is three quarters full; absent otherwise.")
            .labelNames("kind", "name", "direction")
            .register(registry);
    private final Counter connectionsRefused = counter(
            "fyr_pod_connections_refused_total",
            "First packets dropped because the pod has opened as many connections as it may have at once.",
            "pod");
    private final Histogram apply =
            histogram("fyr_kernel_apply_seconds", "Time to read, compare and write one table.", "table");
    private final Histogram cni = histogram(
            "fyr_cni_seconds", "Time from a request of the container runtime to its answer.", "verb", "outcome");

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicExponentialUpperBounds(0.0001, 2, 18) // 100 us to 13 s
                .register(registry);
    }

    void count(Observation observation) {
        switch (observation) {
            case Observation.DriftRepaired(String table, int entries, var _) ->
                drift.labelValues(table).inc(entries);
            case Observation.Applied(String table, int added, int removed, long nanoseconds) -> {
                upserts.labelValues(table).inc(added);
                deletes.labelValues(table).inc(removed);
                apply.labelValues(table).observe(nanoseconds / 1e9);
            }
            case Observation.ApplyFailed(String table, var _) ->
                failures.labelValues(table).inc();
            case Observation.WatchChanged(String kind, boolean connected, var _) ->
                watchLosses.labelValues(kind).inc(connected ? 0 : 1);
            case Observation.WatchStillLost _ -> {} // the loss has been counted already
            case Observation.DnsLimited(String client, var _, long queries) ->
                dnsLimited.labelValues(client).inc(queries);
            case Observation.DnsLimitForgotten(String client) -> dnsLimited.remove(client);
            case Observation.ConntrackFilling filling -> share(filling.shares());
            case Observation.ConntrackRelieved _ -> shares.clear();
            case Observation.ConnectionsRefused(String pod, var _, long packets) ->
                connectionsRefused.labelValues(pod).inc(packets);
            case Observation.ConnectionsForgotten(String pod) -> connectionsRefused.remove(pod);
            case Observation.ObjectRefused(Objection objection, String kind, String name, String field, var _) -> {
                refused.labelValues(kind).inc();
                now(objection).add(objection, kind, name, field);
            }
            case Observation.ObjectAccepted(Objection objection, String kind, String name, String field) ->
                now(objection).remove(objection, kind, name, field);
            case Observation.CniAnswered(String verb, var _, Optional<String> failure, long nanoseconds) ->
                cni.labelValues(VERBS.contains(verb) ? verb : "other", failure.isEmpty() ? "done" : "failed")
                        .observe(nanoseconds / 1e9);
        }
    }

    private void share(List<ConntrackShare> largest) {
        shares.clear();
        largest.forEach(share -> shares.labelValues(share.kind(), share.name(), share.opened() ? "from" : "to")
                .set(share.percent() / 100.0));
    }

    private RefusedNow now(Objection objection) {
        return switch (objection) {
            case UNREADABLE, CONTESTED, UNASSIGNED -> refusedNow;
            case UNSUPPORTED -> unsupportedNow;
        };
    }

    /**
     * Returns a counter of answered DNS queries of one kind; each run counts one query. Keep the result: the lookup costs more than the
     * counting.
     */
    public Runnable dnsQueries(String source, String type, String rcode) {
        CounterDataPoint counted = dnsQueries.labelValues(source, type, rcode);
        return counted::inc;
    }

    /** Exports a number that is read whenever the metrics are read. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Exports a number that only grows and is read whenever the metrics are read. The name ends in {@code _total}. */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** All metrics in the Prometheus text format 0.0.4. */
    public byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return out.toByteArray();
    }
}
