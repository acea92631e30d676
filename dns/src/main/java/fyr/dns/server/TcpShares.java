package fyr.dns.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** How many queries a second of each client may be answered over TCP, over all of its connections. For one thread. */
final class TcpShares {

    private static final long SECOND = 1_000_000_000L;

    private final long interval;
    private final long saved;
    /** When the next query would come if the client kept to its rate; without clients that have saved up the maximum. */
    private final Map<InetAddress, Long> clients = new HashMap<>();

    /**
     * @param burst that may come at once
     */
    TcpShares(int perSecond, int burst) {
        this.interval = SECOND / perSecond;
        this.saved = interval * (burst - 1);
    }

    /**
     * 0 if the client may have an answer now, which is counted; otherwise the nanoseconds until it may. The generic cell rate algorithm,
     * see {@link Forwards}.
     */
    long take(InetAddress client, long now) {
        Long known = clients.get(client);
        long earliest = known == null || known - now < 0 ? now : known;
        if (earliest - now > saved) {
            return earliest - now - saved;
        }
        clients.put(client, earliest + interval);
        return 0;
    }

    /** Forgets clients without any saved state. */
    void forget(long now) {
        clients.values().removeIf(earliest -> earliest - now <= 0);
    }

    /** How many are remembered. */
    int clients() {
        return clients.size();
    }
}
