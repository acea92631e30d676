package fyr.agent;

import fyr.agent.proxy.NodePortAddresses;
import fyr.agent.proxy.ProxyConfiguration;
import fyr.agent.proxy.serve.HealthCheckPorts;
import fyr.agent.proxy.serve.LocalEndpoints;
import fyr.agent.proxy.serve.ProxyHealth;
import fyr.agent.proxy.serve.ProxyMetrics;
import fyr.agent.proxy.serve.ProxyRounds;
import fyr.agent.proxy.serve.ProxyServers;
import fyr.model.ClusterSnapshot;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves what kube-proxy serves beside its rules: its health and its metrics, at the addresses that the options name, and the health check
 * node ports of Services.
 */
final class ProxyServing implements AutoCloseable {

    /** Twice kube-proxy's default syncPeriod. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ProxyMetrics metrics = new ProxyMetrics();
    private final ProxyRounds rounds;
    private final ProxyServers servers;
    private final HealthCheckPorts ports;
    private ClusterSnapshot current = ClusterSnapshot.empty();

    private ProxyServing(
            AgentOptions options, Supplier<Optional<ClusterSnapshot>> snapshot, Consumer<Observation> observer)
            throws IOException {
        Optional<ProxyConfiguration.Servers> configured =
                options.proxy().configuration().map(ProxyConfiguration::servers);
        ProxyHealth health = new ProxyHealth(
                InstantSource.system(),
                configured.map(ProxyConfiguration.Servers::patience).orElse(PATIENCE));
        rounds = new ProxyRounds(health, metrics, InstantSource.system(), System::nanoTime);
        ports = new HealthCheckPorts(
                options.nodeName(),
                options.proxy()
                        .configuration()
                        .map(ProxyConfiguration::nodePortAddresses)
                        .orElse(NodePortAddresses.UNSET),
                health,
                observer);
        metrics.noLocalEndpoints((external, family) -> snapshot.get()
                .map(now -> new LocalEndpoints(now, options.nodeName()).portsWithoutLocal(external, family))
                .orElse(0));
        // Addresses that the command line names are as certain as that of --health-port: without them the agent does
        // not start.
        servers = new ProxyServers(
                configured.map(ProxyConfiguration.Servers::hardFail).orElse(true));
        try {
            if (options.proxy().healthAddress().isPresent()) {
                servers.health(
                        options.proxy().healthAddress().get(),
                        health,
                        () -> snapshot.get().flatMap(now -> now.nodes().get(options.nodeName())),
                        metrics);
            }
            if (options.proxy().metricsAddress().isPresent()) {
                servers.metrics(
                        options.proxy().metricsAddress().get(),
                        metrics,
                        options.network().serviceMode().word());
            }
        } catch (IOException e) {
            servers.close();
            throw e;
        }
    }

    /**
     * Starts to serve.
     *
     * @throws AgentException if an address is taken and the configuration says that this is an error
     */
    static ProxyServing start(
            AgentOptions options, Supplier<Optional<ClusterSnapshot>> snapshot, Consumer<Observation> observer) {
        try {
            return new ProxyServing(options, snapshot, observer);
        } catch (IOException e) {
            throw new AgentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A snapshot was heard. */
    void heard(ClusterSnapshot snapshot) {
        rounds.heard(snapshot);
    }

    /** A round begins to program a snapshot. Called on the loop's thread, as {@link #ended}. */
    void began(ClusterSnapshot snapshot) {
        current = snapshot;
        rounds.began(snapshot);
    }

    /** The round has ended; {@code applied} says whether its packet rules are in force. */
    void ended(boolean applied) {
        rounds.ended(applied);
        if (applied) {
            ports.follow(current);
        }
    }

    /** Stale flows were removed. */
    void flowsRemoved(long nanoseconds, int ipv4, int ipv6) {
        metrics.conntrack(nanoseconds / 1e9, ipv4, ipv6);
    }

    @Override
    public void close() {
        servers.close();
        ports.close();
    }
}
