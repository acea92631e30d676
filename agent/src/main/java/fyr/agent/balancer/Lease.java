package fyr.agent.balancer;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Lease of coordination.k8s.io that one of several agents holds, as in client-go's leaderelection: whoever has seen the record unchanged for
 * the time that it names may take it over. Clocks of different machines are never compared. Used by one thread, except {@link #isHeld}.
 */
final class Lease {

    /** How long the others wait after they have seen the holder's last renewal. */
    static final Duration DURATION = Duration.ofSeconds(15);

    /** How long after the last renewal the holder may rely on it. */
    static final Duration RENEW_WITHIN = Duration.ofSeconds(10);

    /** The time between two attempts. */
    static final Duration RETRY = Duration.ofSeconds(2);

    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final ApiClient client;
    private final String collection;
    private final String name;
    private final String identity;
    private final LongSupplier nanoTime;
    private Optional<JsonNode> observed = Optional.empty();
    private long observedAt;
    private volatile boolean held;
    private volatile long renewedAt;

    Lease(ApiClient client, String namespace, String name, String identity, LongSupplier nanoTime) {
        this.client = client;
        this.collection = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
        this.name = name;
        this.identity = identity;
        this.nanoTime = nanoTime;
    }

    /** Whether this agent holds it and has renewed it recently enough; on any thread. */
    boolean isHeld() {
        return held && nanoTime.getAsLong() - renewedAt < RENEW_WITHIN.toNanos();
    }

    /** How long the record has not changed; empty if it is unknown or nobody holds it. */
    Optional<Duration> age() {
        return observed.map(_ -> Duration.ofNanos(nanoTime.getAsLong() - observedAt));
    }

    /** Looks at the record without trying to get it. */
    void look() {
        try {
            note(JSON.readTree(client.get(collection + "/" + name)));
        } catch (ApiException refused) {
            if (!refused.notFound()) {
                throw refused;
            }
            observed = Optional.empty();
        }
    }

    /** Gets or renews it if possible. */
    void tryToHold() {
        long began = nanoTime.getAsLong();
        try {
            JsonNode record = JSON.readTree(client.get(collection + "/" + name));
            note(record);
            String holder = text(record, "holderIdentity");
            boolean own = holder.equals(identity);
            if (!own && !holder.isEmpty() && nanoTime.getAsLong() - observedAt < duration(record)) {
                held = false;
                return;
            }
            written(began, client.update(collection + "/" + name, bytes(next(record, own))));
        } catch (ApiException refused) {
            if (refused.notFound()) {
                written(began, client.create(collection, bytes(first())));
            } else if (refused.conflict()) {
                held = false; // somebody else was faster
            } else {
                throw refused;
            }
        }
    }

    /** Lets the next one have it at once. */
    void release() {
        if (!held) {
            return;
        }
        held = false;
        ObjectNode record = (ObjectNode) JSON.readTree(client.get(collection + "/" + name));
        if (text(record, "holderIdentity").equals(identity)) {
            ObjectNode spec = record.withObject("/spec");
            spec.put("holderIdentity", "");
            spec.put("leaseDurationSeconds", 1);
            client.update(collection + "/" + name, bytes(record));
        }
    }

    private void written(long began, byte[] stored) {
        note(JSON.readTree(stored));
        renewedAt = began; // the others count from when they see it, which is later
        held = true;
    }

    private void note(JsonNode record) {
        JsonNode spec = record.path("spec");
        if (observed.filter(spec::equals).isEmpty()) {
            observed = Optional.of(spec);
            observedAt = nanoTime.getAsLong();
        }
    }

    private static long duration(JsonNode record) {
        long seconds =
                Math.clamp(record.path("spec").path("leaseDurationSeconds").asLong(DURATION.toSeconds()), 1, 3600);
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static String text(JsonNode record, String field) {
        return record.path("spec").path(field).asString("");
    }

    private ObjectNode next(JsonNode record, boolean own) {
        ObjectNode next = (ObjectNode) record;
        ObjectNode spec = next.withObject("/spec");
        String now = MICRO_TIME.format(Instant.now());
        if (!own) {
            spec.put("acquireTime", now);
            spec.put("leaseTransitions", spec.path("leaseTransitions").asLong(0) + 1);
        }
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", DURATION.toSeconds());
        spec.put("renewTime", now);
        return next;
    }

    private ObjectNode first() {
        ObjectNode record = JSON.createObjectNode();
        record.put("apiVersion", "coordination.k8s.io/v1");
        record.put("kind", "Lease");
        record.withObject("/metadata").put("name", name);
        String now = MICRO_TIME.format(Instant.now());
        ObjectNode spec = record.withObject("/spec");
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", DURATION.toSeconds());
        spec.put("acquireTime", now);
        spec.put("renewTime", now);
        spec.put("leaseTransitions", 0);
        return record;
    }

    private static byte[] bytes(ObjectNode record) {
        return JSON.writeValueAsBytes(record);
    }
}
