package fyr.dns.forward;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The order to ask upstream servers in: as given, but those that were silent last time come last, so that a dead one costs its time-out once
 * and not with every query. An answer, good or bad, makes it count as alive again: SERVFAIL may well be about the name. Safe on any thread.
 */
final class Upstreams {

    static final Duration REST = Duration.ofSeconds(10);

    private final List<InetSocketAddress> given;
    private final InstantSource clock;
    private final Map<InetSocketAddress, Instant> silentSince = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, Long> answeredAt = new ConcurrentHashMap<>(); // of System.nanoTime

    Upstreams(List<InetSocketAddress> given, InstantSource clock) {
        this.given = given.stream().distinct().toList();
        this.clock = clock;
    }

    List<InetSocketAddress> order() {
        List<InetSocketAddress> order = new ArrayList<>(given.size());
        given.stream().filter(upstream -> !silentSince.containsKey(upstream)).forEach(order::add);
        given.stream().filter(upstream -> !order.contains(upstream)).forEach(order::add);
        return order;
    }

    void answered(InetSocketAddress upstream) {
        answeredAt.put(upstream, System.nanoTime());
        silentSince.remove(upstream);
    }

    /** It did not answer a query that began at a point of {@link System#nanoTime}. If it answered another since, the name is slow, not the server. */
    void silent(InetSocketAddress upstream, long begin) {
        Optional<Long> answered = Optional.ofNullable(answeredAt.get(upstream)).filter(at -> at - begin > 0);
        if (answered.isEmpty()) {
            silentSince.put(upstream, clock.instant());
        }
    }

    /** A silent server that has rested: the caller is to try it, and is the only one who is told so. */
    Optional<InetSocketAddress> rested() {
        Instant now = clock.instant();
        return silentSince.entrySet().stream()
                .filter(entry -> {
                    Duration rest = Duration.between(entry.getValue(), now);
                    return rest.isNegative() || rest.compareTo(REST) >= 0; // negative: the clock was set back
                })
                .filter(entry -> silentSince.replace(entry.getKey(), entry.getValue(), now))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
