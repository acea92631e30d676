package fyr.agent;

import fyr.compiler.dns.DnsLimit;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.Meters;
import fyr.model.Attachment;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reports clients that exceed their share of cluster DNS: queries that the kernel dropped before they were read ({@link DnsLimit}), and
 * queries that the server did not forward. Each such client is reported at once, and then once a minute for as long as it continues.
 */
final class DnsShares implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MOST_CLIENTS = 4096;

    private final Meters meters;
    private final Supplier<PersistentMap<String, Attachment>> pods;
    private final Consumer<Observation> observer;
    private final LongSupplier nanos;
    private final ConcurrentMap<InetAddress, LongAdder> refused = new ConcurrentHashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("dns-shares").unstarted(this::run);
    private final FaultLog faults;
    private Map<IpAddress, Long> metered = Map.of();
    private final Map<IpAddress, Offender> offenders = new TreeMap<>();

    /**
     * @param until when the client may be reported again, by the clock
     * @param the name under which it was last reported; empty if it was not yet reported
     */
    private record Offender(long untold, long until, Optional<String> name) {

        boolean isPast(long now) {
            return untold == 0 && until + KEPT.minus(QUIET).toNanos() - now <= 0;
        }
    }

    /** With a clock such as {@link System#nanoTime}. */
    DnsShares(
            Meters meters,
            Supplier<PersistentMap<String, Attachment>> pods,
            Consumer<Observation> observer,
            LongSupplier nanos) {
        this.meters = meters;
        this.pods = pods;
        this.observer = observer;
        this.nanos = nanos;
        this.faults = new FaultLog(LOG, nanos, "the shares of cluster DNS cannot be read");
    }

    /** A query of this client was not forwarded. Called on the answering threads. */
    void refused(InetAddress client) {
        LongAdder count = refused.get(client);
        if (count == null && refused.size() < MOST_CLIENTS) {
            count = refused.computeIfAbsent(client, _ -> new LongAdder());
        }
        if (count != null) {
            count.increment();
        }
    }

    /** Starts checking every few seconds, on a thread of its own. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!thread.isInterrupted()) {
                Thread.sleep(LOOK);
                attempt();
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "no longer looking at the shares of cluster DNS");
        }
    }

    private void attempt() {
        try {
            look();
            faults.succeeded();
        } catch (RuntimeException e) {
            faults.failed(e);
        }
    }

    /** Counts what happened since the last check, and reports what is due. */
    void look() {
        Map<IpAddress, Long> since = new TreeMap<>();
        Map<IpAddress, Long> now = metered();
        // A key that the kernel has forgotten meanwhile counts from zero again.
        now.forEach((client, count) -> {
            long before = metered.getOrDefault(client, 0L);
            since.merge(client, count < before ? count : count - before, Long::sum);
        });
        metered = now;
        refused.keySet().forEach(client -> {
            LongAdder count = refused.remove(client);
            if (count != null) {
                since.merge(IpAddress.of(client.getAddress()), count.sum(), Long::sum);
            }
        });
        since.values().removeIf(count -> count == 0);
        tell(since);
    }

    private Map<IpAddress, Long> metered() {
        Map<IpAddress, Long> counts = new HashMap<>();
        for (Family family : Family.values()) {
            Map<Bytes, Long> ofFamily = meters.counts(DnsLimit.meter(family));
            ofFamily.forEach((key, count) -> counts.put(IpAddress.of(key.toArray()), count));
        }
        return counts;
    }

    private void tell(Map<IpAddress, Long> since) {
        long now = nanos.getAsLong();
        since.forEach((client, count) -> offenders.merge(
                client,
                new Offender(count, now, Optional.empty()),
                (old, more) -> new Offender(old.untold + more.untold, old.until, old.name)));
        Set<String> forgotten = new TreeSet<>();
        offenders.replaceAll((client, offender) -> {
            if (offender.untold == 0 || offender.until - now > 0) {
                return offender;
            }
            String name = name(client);
            offender.name.filter(before -> !before.equals(name)).ifPresent(forgotten::add);
            observer.accept(new Observation.DnsLimited(name, client, offender.untold));
            return new Offender(0, now + QUIET.toNanos(), Optional.of(name));
        });
        offenders.values().removeIf(offender -> {
            boolean past = offender.isPast(now);
            offender.name.filter(_ -> past).ifPresent(forgotten::add);
            return past;
        });
        // A pod has an address of each family, and a name.
        offenders.values().forEach(offender -> offender.name.ifPresent(forgotten::remove));
        forgotten.forEach(name -> observer.accept(new Observation.DnsLimitForgotten(name)));
    }

    /** The pod of this node that has the address; otherwise the address. */
    private String name(IpAddress client) {
        String[] name = {client.toString()};
        pods.get().forEach((_, pod) -> {
            if (pod.addresses().contains(client)) {
                name[0] = pod.pod().toString();
            }
        });
        return name[0];
    }

    /** Returns when the look under way has ended, if it does within five seconds: what it uses may be closed then. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(STOP)) {
                LOG.log(
                        Level.WARNING,
                        "the shares of cluster DNS are still being read; that is not waited for any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
