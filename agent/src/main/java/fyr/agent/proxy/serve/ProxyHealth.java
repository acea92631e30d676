package fyr.agent.proxy.serve;

import fyr.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether Services are programmed in time, with the meaning of kube-proxy's pkg/proxy/healthcheck/proxy_health.go: healthy unless a change
 * has waited longer than the patience, and healthy as long as nothing was programmed yet. A round programs both families at once, so both
 * have the same health. Safe on any thread.
 */
public final class ProxyHealth {

    /** What kube-proxy writes for a time that never was. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final InstantSource clock;
    private final Duration patience;
    private Optional<Instant> lastUpdated = Optional.empty();
    private Optional<Instant> oldestQueued = Optional.empty();

    /** {@code patience} is how long a change may wait. */
    public ProxyHealth(InstantSource clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** A change waits to be programmed. */
    public synchronized void queued() {
        if (oldestQueued.isEmpty()) {
            oldestQueued = Optional.of(clock.instant());
        }
    }

    /** Everything that waited is programmed. */
    public synchronized void updated() {
        oldestQueued = Optional.empty();
        lastUpdated = Optional.of(clock.instant());
    }

    /** Whether nothing has waited for too long. */
    public synchronized boolean isHealthy() {
        return lastUpdated.isEmpty()
                || oldestQueued
                        .filter(since ->
                                Duration.between(since, clock.instant()).compareTo(patience) >= 0)
                        .isEmpty();
    }

    /** Whether load balancers may use a node: it exists and stays. */
    public static boolean isEligible(Optional<Node> node) {
        return node.filter(found -> !found.leaving()).isPresent();
    }

    /** The answer of /livez: about programming alone. */
    public ProxyAnswer livez() {
        return answer(Optional.empty());
    }

    /** The answer of /healthz: about programming, and about the node. */
    public ProxyAnswer healthz(Optional<Node> node) {
        return answer(Optional.of(isEligible(node)));
    }

    private synchronized ProxyAnswer answer(Optional<Boolean> eligible) {
        Instant now = clock.instant();
        boolean healthy = isHealthy();
        boolean good = healthy && eligible.orElse(true);
        Instant shown = good ? now : lastUpdated.orElse(NEVER);
        String body = "{\"lastUpdated\":\"" + shown + "\",\"currentTime\":\"" + now + "\""
                + eligible.map(yes -> ",\"nodeEligible\":" + yes).orElse("")
                + ",\"healthy\":" + healthy
                + lastUpdated
                        .map(updated -> family(updated, healthy))
                        .map(one -> ",\"status\":{\"IPv4\":" + one + ",\"IPv6\":" + one + "}")
                        .orElse("")
                + "}";
        return new ProxyAnswer(good, body);
    }

    private static String family(Instant updated, boolean healthy) {
        return "{\"lastUpdated\":\"" + updated + "\",\"healthy\":" + healthy + "}";
    }
}
