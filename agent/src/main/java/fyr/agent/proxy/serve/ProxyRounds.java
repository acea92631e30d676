package fyr.agent.proxy.serve;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Service;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Compares what was heard of Services and EndpointSlices with what was programmed, for kube-proxy's health and metrics. The cost of a
 * snapshot or round depends on what changed; nothing is kept of single changes.
 */
public final class ProxyRounds {

    private static final double HUNDREDTHS = 100;

    private final ProxyHealth health;
    private final ProxyMetrics metrics;
    private final InstantSource clock;
    private final LongSupplier nanoseconds;
    private final Instant started;

    private ClusterSnapshot heard = ClusterSnapshot.empty();
    private ClusterSnapshot current = ClusterSnapshot.empty();
    private Optional<ClusterSnapshot> programmed = Optional.empty();
    private long began;

    /**
     * @param clock the time of day
     * @param nanoseconds since some moment
     */
    public ProxyRounds(ProxyHealth health, ProxyMetrics metrics, InstantSource clock, LongSupplier nanoseconds) {
        this.health = health;
        this.metrics = metrics;
        this.clock = clock;
        this.nanoseconds = nanoseconds;
        started = clock.instant();
    }

    /** A snapshot was heard, and a round will follow it. */
    public synchronized void heard(ClusterSnapshot next) {
        Changes changes = Changes.between(heard, next, _ -> {});
        heard = next;
        if (changes.isAny()) {
            metrics.queued(seconds(clock.instant()), changes.services, changes.slices);
            health.queued();
            recount();
        }
    }

    /** A round begins to program a snapshot. */
    public synchronized void began(ClusterSnapshot snapshot) {
        current = snapshot;
        began = nanoseconds.getAsLong();
    }

    /** The round has ended. If the packet rules were refused, its changes wait for another round. */
    public synchronized void ended(boolean applied) {
        Instant now = clock.instant();
        ClusterSnapshot before = programmed.orElse(ClusterSnapshot.empty());
        Changes changes = Changes.between(before, current, slice -> {
            if (applied) {
                programmed(slice, now);
            }
        });
        boolean anything = programmed.isEmpty() || changes.isAny();
        if (!applied) {
            if (anything) {
                metrics.failed();
            }
            return;
        }
        if (anything) {
            metrics.synced(seconds(now), (nanoseconds.getAsLong() - began) / 1e9, programmed.isEmpty());
        }
        programmed = Optional.of(current);
        health.updated();
        if (recount().isAny()) {
            health.queued();
        }
    }

    private Changes recount() {
        Changes pending = Changes.between(programmed.orElse(ClusterSnapshot.empty()), heard, _ -> {});
        metrics.pending(pending.services, pending.slices);
        return pending;
    }

    /** As with kube-proxy, changes from before the start say nothing: the list at the start contains them all. */
    private void programmed(EndpointSlice slice, Instant now) {
        int age = hundredths(now) - slice.trigger(); // modulo 2^32, as the time is stored
        int sinceStart = hundredths(now) - hundredths(started);
        if (slice.trigger() != 0 && age <= sinceStart) {
            metrics.programmed(slice.family(), Math.max(0, age) / HUNDREDTHS);
        }
    }

    private static int hundredths(Instant time) {
        return (int) (time.toEpochMilli() / 10);
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    /** How many Services and EndpointSlices differ between two snapshots, of those that a proxy serves. */
    private record Changes(int services, int slices) {

        /** {@code changed} gets each slice that is new or different. */
        static Changes between(ClusterSnapshot before, ClusterSnapshot after, Consumer<EndpointSlice> changed) {
            int[] count = new int[2];
            after.services().differences(before.services(), (_, was, is) -> {
                Service either = is == null ? was : is;
                count[0] += either == null
                                || either.otherProxy()
                                || either.clusterIps().isEmpty()
                        ? 0
                        : 1;
            });
            after.endpointSlices().differences(before.endpointSlices(), (_, was, is) -> {
                if (was == null && is != null) {
                    is.forEach((_, slice) -> count[1] += added(slice, changed));
                } else if (was != null && is != null) {
                    is.differences(
                            was,
                            (_, old, slice) -> count[1] +=
                                    slice != null ? added(slice, changed) : old == null || old.otherProxy() ? 0 : 1);
                } else if (was != null) {
                    was.forEach((_, slice) -> count[1] += slice.otherProxy() ? 0 : 1);
                }
            });
            return new Changes(count[0], count[1]);
        }

        private static int added(EndpointSlice slice, Consumer<EndpointSlice> changed) {
            if (slice.otherProxy()) {
                return 0;
            }
            changed.accept(slice);
            return 1;
        }

        boolean isAny() {
            return services + slices > 0;
        }
    }
}
