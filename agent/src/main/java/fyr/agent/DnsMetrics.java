package fyr.agent;

import fyr.agent.observe.Metrics;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.dns.server.DnsCounters;
import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Counts queries as metrics. The counter of each kind of query is looked up only once, because there are tens of thousands of queries a
 * second.
 */
final class DnsMetrics implements DnsCounters {

    private final Metrics metrics;
    private final Consumer<InetAddress> limited;
    private final ConcurrentMap<Integer, Runnable> kinds = new ConcurrentHashMap<>();
    private final Runnable dropped;

    /**
     * @param limited notified of each query that was not answered because its client had used up its share
     */
    DnsMetrics(Metrics metrics, Consumer<InetAddress> limited) {
        this.metrics = metrics;
        this.limited = limited;
        this.dropped = metrics.dnsQueries("dropped", "", "");
    }

    @Override
    public void answered(RecordType type, ResponseCode code, Source source) {
        int known = type.hasMnemonic() ? type.code() : 0; // otherwise there might be 65,536 of each
        int kind = source.ordinal() << 28 | code.code() << 16 | known;
        kinds.computeIfAbsent(kind, absent -> kind(type, code, source)).run();
    }

    private Runnable kind(RecordType type, ResponseCode code, Source source) {
        String name = type.hasMnemonic() ? type.toString() : "other";
        return metrics.dnsQueries(source.name().toLowerCase(Locale.ROOT), name, code.toString());
    }

    @Override
    public void dropped() {
        dropped.run();
    }

    @Override
    public void limited(InetAddress client) {
        dropped.run();
        limited.accept(client);
    }
}
