package fyr.dns.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Limits the queries that are forwarded: the number in progress in total, the number in progress for one client, and the rate of one
 * client, so that no client can use up the places or the processor. Safe on any thread.
 */
final class Forwards {

    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_CLIENTS = 4096;

    /** The decision about a query that needs to be forwarded. */
    enum Turn {
        /** It may be forwarded, and must be released afterwards. */
        TAKEN,
        /** Its client has used up its share. */
        SHARE_SPENT,
        /** Too many queries of all clients are in progress. */
        ALL_BUSY
    }

    /**
     * @param most in progress, of all clients
     * @param share in progress, of one client
     * @param perSecond of one client; as many may come at once
     */
    record Limits(int most, int share, int perSecond) {}

    /**
     * @param pending that are being forwarded
     * @param earliest when the next one would come if the client kept to its rate; if this is in the past, the client has saved up
     * @param granted whether the last one was let through
     */
    private record Client(int pending, long earliest, boolean granted) {

        boolean isIdle(long now) {
            return pending == 0 && earliest - now <= 0;
        }
    }

    private final Limits limits;
    private final LongSupplier nanos;
    private final Semaphore all;
    private final ConcurrentMap<InetAddress, Client> clients = new ConcurrentHashMap<>();

    /** With a clock such as {@link System#nanoTime}. */
    Forwards(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.all = new Semaphore(limits.most());
    }

    /** Whether one more may be forwarded; if so, it must be released afterwards. */
    Turn tryAcquire(InetAddress client) {
        long now = nanos.getAsLong();
        if (!clients.containsKey(client) && clients.size() >= MOST_CLIENTS) {
            clients.values().removeIf(one -> one.isIdle(now));
            if (clients.size() >= MOST_CLIENTS) {
                return Turn.ALL_BUSY;
            }
        }
        if (!take(client, now)) {
            return Turn.SHARE_SPENT;
        }
        if (all.tryAcquire()) {
            return Turn.TAKEN;
        }
        leave(client);
        return Turn.ALL_BUSY;
    }

    /** The generic cell rate algorithm (ITU-T I.371 annex A): one number for each client, and no timer. */
    private boolean take(InetAddress client, long now) {
        long interval = SECOND / limits.perSecond();
        return clients.compute(client, (_, before) -> {
                    int pending = before == null ? 0 : before.pending;
                    long earliest = before == null || before.earliest - now < 0 ? now : before.earliest;
                    boolean granted = pending < limits.share() && earliest - now <= SECOND - interval;
                    return granted
                            ? new Client(pending + 1, earliest + interval, true)
                            : new Client(pending, earliest, false);
                })
                .granted();
    }

    void release(InetAddress client) {
        all.release();
        leave(client);
    }

    private void leave(InetAddress client) {
        long now = nanos.getAsLong();
        clients.computeIfPresent(client, (_, before) -> {
            Client after = new Client(before.pending - 1, before.earliest, before.granted);
            return after.isIdle(now) ? null : after;
        });
    }

    /** How many are being forwarded. */
    int pending() {
        return limits.most() - all.availablePermits();
    }

    /** How many clients are remembered: those with queries in progress, or within the last second. */
    int clients() {
        return clients.size();
    }
}
