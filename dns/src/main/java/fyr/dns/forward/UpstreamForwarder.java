package fyr.dns.forward;

import fyr.dns.DnsException;
import fyr.dns.message.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Asks upstream servers until one knows. Identical questions in flight share one exchange, so
 * a query that comes back here through an upstream waits for itself and times out instead of circling.
 */
public final class UpstreamForwarder implements Forwarder {

    /** For everything that one query needs: glibc and musl give up after 5 s, and whoever has given up is not served. */
    static final Duration BUDGET = Duration.ofMillis(4500);

    private final Upstreams upstreams;
    private final AnswerCache cache;
    private final ConcurrentMap<ForwardedQuestion, CompletableFuture<Message>> inFlight = new ConcurrentHashMap<>();

    /**
     * Forwards to these servers.
     *
     * @param upstreams in the order of preference
     * @param own the addresses this program's DNS listens on, wildcards too
     * @param memory bytes that remembered answers take at most
     * @param clock tells how old an answer is, and when to try a server again that was silent
     * @throws DnsException if an upstream is one of our own addresses
     */
    public UpstreamForwarder(
            List<InetSocketAddress> upstreams, List<InetSocketAddress> own, int memory, InstantSource clock) {
        OwnAddresses here = new OwnAddresses(own);
        upstreams.stream().filter(here::reachedBy).findFirst().ifPresent(upstream -> {
            throw new DnsException(
                    "upstream DNS server " + upstream.getAddress().getHostAddress() + " port " + upstream.getPort()
                            + " is this cluster DNS itself: name another one");
        });
        this.upstreams = new Upstreams(upstreams, clock);
        this.cache = new AnswerCache(memory, clock);
    }

    @Override
    public Optional<Message> remembered(ForwardedQuestion question) {
        return cache.get(question);
    }

    @Override
    public Message resolve(ForwardedQuestion question) {
        CompletableFuture<Message> mine = new CompletableFuture<>();
        CompletableFuture<Message> other = inFlight.putIfAbsent(question, mine);
        if (other != null) {
            return other.join();
        }
        Message answer = Forwarder.failure(question);
        try {
            // Somebody may have been answered between the caller's look into the cache and here.
            answer = cache.get(question).orElseGet(() -> ask(question));
            cache.put(question, answer);
        } finally {
            inFlight.remove(question);
            mine.complete(answer);
        }
        return answer;
    }

    private Message ask(ForwardedQuestion question) {
        // Beside the query, not before it: nobody is to wait for a server that is likely still dead.
        upstreams
                .rested()
                .ifPresent(rested -> Thread.ofVirtual().name("dns-probe").start(() -> probe(rested, question)));
        return new Inquiry(question, upstreams, System.nanoTime() + BUDGET.toNanos()).answer();
    }

    private void probe(InetSocketAddress rested, ForwardedQuestion question) {
        long now = System.nanoTime();
        Exchange exchange = new Exchange(rested, upstreams, now, now + Exchange.PATIENCE.toNanos());
        try {
            exchange.ask(question);
        } catch (IOException e) {
            exchange.silent();
        }
    }
}
