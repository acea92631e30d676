package fyr.dns.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** The queries that may be forwarded at the same time: so many in all, and so many of one client that it cannot take all. Safe on any thread. */
final class Forwards {

    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    private final int most;
    private final int share;
    private final Semaphore all;
    private final ConcurrentMap<InetAddress, Integer> clients = new ConcurrentHashMap<>();

    Forwards(int most, int share) {
        this.most = most;
        this.share = share;
        this.all = new Semaphore(most);
    }

    /** Whether one more may be forwarded; if so, it is to be released. */
    boolean tryAcquire(InetAddress client) {
        if (clients.merge(client, 1, Integer::sum) <= share && all.tryAcquire()) {
            return true;
        }
        leave(client);
        return false;
    }

    /** Waits for that, but not for ever. Looks again and again, as it waits for one of two things and seldom at all. */
    boolean acquire(InetAddress client, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        while (!tryAcquire(client)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }

    void release(InetAddress client) {
        all.release();
        leave(client);
    }

    private void leave(InetAddress client) {
        clients.merge(client, -1, Integer::sum);
        clients.remove(client, 0);
    }

    /** How many are being forwarded. */
    int pending() {
        return most - all.availablePermits();
    }

    /** How many clients have some that are being forwarded. */
    int clients() {
        return clients.size();
    }
}
