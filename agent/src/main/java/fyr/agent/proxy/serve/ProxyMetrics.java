package fyr.agent.proxy.serve;

import fyr.model.address.Family;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * kube-proxy's metrics that have a meaning here, with the names, labels, units and buckets of Kubernetes 1.37 (pkg/proxy/metrics/metrics.go;
 * what it registers in mode nftables). One round programs both families, so each family has the round's figures. Safe on any thread.
 */
public final class ProxyMetrics {

    private static final String FAMILY = "ip_family";
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");
    private static final double[] PROGRAMMING_BUCKETS = Stream.of(
                    DoubleStream.of(0.25, 0.5),
                    DoubleStream.iterate(1, b -> b + 1).limit(59),
                    DoubleStream.iterate(60, b -> b + 5).limit(12),
                    DoubleStream.iterate(120, b -> b + 30).limit(7))
            .flatMapToDouble(Function.identity())
            .toArray();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram sync = seconds("sync_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds");
    private final Histogram full =
            seconds("sync_full_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds for full resyncs");
    private final Histogram partial = seconds(
            "sync_partial_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds for partial resyncs");
    private final Histogram conntrack =
            seconds("conntrack_reconciler_sync_duration_seconds", "ReconcileConntrackFlowsLatency latency in seconds");
    private final Histogram programming = Histogram.builder()
            .name("kubeproxy_network_programming_duration_seconds")
            .help("In Cluster Network Programming Latency in seconds")
            .labelNames(FAMILY)
            .classicOnly()
            .classicUpperBounds(PROGRAMMING_BUCKETS)
            .register(registry);
    private final Gauge lastSynced = gauge(
            "sync_proxy_rules_last_timestamp_seconds", "The last time proxy rules were successfully synced", FAMILY);
    private final Gauge lastQueued = gauge(
            "sync_proxy_rules_last_queued_timestamp_seconds", "The last time a sync of proxy rules was queued", FAMILY);
    private final Gauge endpointsPending =
            gauge("sync_proxy_rules_endpoint_changes_pending", "Pending proxy rules Endpoint changes");
    private final Counter endpoints =
            counter("sync_proxy_rules_endpoint_changes_total", "Cumulative proxy rules Endpoint changes");
    private final Gauge servicesPending =
            gauge("sync_proxy_rules_service_changes_pending", "Pending proxy rules Service changes");
    private final Counter services =
            counter("sync_proxy_rules_service_changes_total", "Cumulative proxy rules Service changes");
    private final Counter failures =
            counter("sync_proxy_rules_nftables_sync_failures_total", "Cumulative proxy nftables sync failures", FAMILY);
    private final Counter deletedFlows = counter(
            "conntrack_reconciler_deleted_entries_total",
            "Cumulative conntrack flows deleted by conntrack reconciler",
            FAMILY);
    private final Counter healthz = counter("proxy_healthz_total", "Cumulative proxy healthz HTTP status", "code");
    private final Counter livez = counter("proxy_livez_total", "Cumulative proxy livez HTTP status", "code");

    private Histogram seconds(String name, String help) {
        return Histogram.builder()
                .name("kubeproxy_" + name)
                .help(help)
                .labelNames(FAMILY)
                .classicOnly()
                .classicExponentialUpperBounds(0.001, 2, 15)
                .register(registry);
    }

    private Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder()
                .name("kubeproxy_" + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name("kubeproxy_" + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    /**
     * Exports the number of ports of Services that have endpoints, but none on this node although their policy is Local. It is computed
     * when the metrics are read.
     *
     * @param portsWithoutLocal their number, for the external policy if the first argument is true
     */
    public void noLocalEndpoints(ToIntBiFunction<Boolean, Family> portsWithoutLocal) {
        GaugeWithCallback.builder()
                .name("kubeproxy_sync_proxy_rules_no_local_endpoints_total")
                .help("Number of services with a Local traffic policy and no endpoints")
                .labelNames("traffic_policy", FAMILY)
                .callback(callback -> {
                    for (Family family : Family.values()) {
                        callback.call(portsWithoutLocal.applyAsInt(false, family), "internal", name(family));
                        callback.call(portsWithoutLocal.applyAsInt(true, family), "external", name(family));
                    }
                })
                .register(registry);
    }

    /** A change waits since this time, in seconds since 1970. */
    void queued(double time, int changedServices, int changedSlices) {
        FAMILIES.forEach(family -> lastQueued.labelValues(family).set(time));
        services.inc(changedServices);
        endpoints.inc(changedSlices);
    }

    void pending(int changedServices, int changedSlices) {
        servicesPending.set(changedServices);
        endpointsPending.set(changedSlices);
    }

    /** Changes were programmed at this time, in seconds since 1970, in a round of this length. */
    void synced(double time, double duration, boolean everything) {
        for (String family : FAMILIES) {
            lastSynced.labelValues(family).set(time);
            sync.labelValues(family).observe(duration);
            (everything ? full : partial).labelValues(family).observe(duration);
        }
    }

    void failed() {
        FAMILIES.forEach(family -> failures.labelValues(family).inc());
    }

    void programmed(Family family, double latency) {
        programming.labelValues(name(family)).observe(latency);
    }

    /** A pass over the connection tracking table took this long and removed so many entries. It is about both families together. */
    public void conntrack(double duration, int removedIpv4, int removedIpv6) {
        FAMILIES.forEach(family -> conntrack.labelValues(family).observe(duration));
        deletedFlows.labelValues("IPv4").inc(removedIpv4);
        deletedFlows.labelValues("IPv6").inc(removedIpv6);
    }

    void answeredHealthz(int status) {
        healthz.labelValues(Integer.toString(status)).inc();
    }

    void answeredLivez(int status) {
        livez.labelValues(Integer.toString(status)).inc();
    }

    private static String name(Family family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
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
