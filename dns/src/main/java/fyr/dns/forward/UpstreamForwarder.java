package fyr.dns.forward;

import fyr.dns.DnsException;
import fyr.dns.message.Message;
import fyr.dns.message.ResponseCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Asks upstream servers one after another, a silent one twice at most, until one knows. Identical questions in flight share one exchange, so
 * a query that comes back here through an upstream waits for itself and times out instead of circling.
 */
public final class UpstreamForwarder implements Forwarder {

    /** For everything that one query needs: glibc and musl give up after 5 s, and whoever has given up is not served. */
    static final Duration BUDGET = Duration.ofMillis(4500);

    private static final int ROUNDS = 2;

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
        long deadline = System.nanoTime() + BUDGET.toNanos();
        // Beside the query, not before it: nobody is to wait for a server that is likely still dead.
        upstreams.rested().ifPresent(rested -> Thread.ofVirtual()
                .name("dns-probe")
                .start(() -> ask(rested, question, deadline)));
        Message last = Forwarder.failure(question);
        List<InetSocketAddress> candidates = upstreams.order();
        for (int round = 0; round < ROUNDS; round++) {
            List<InetSocketAddress> silent = new ArrayList<>();
            for (InetSocketAddress upstream : candidates) {
                Optional<Message> answer = ask(upstream, question, deadline);
                if (answer.isEmpty()) {
                    silent.add(upstream);
                } else if (knows(answer.get())) {
                    return answer.get();
                } else {
                    last = answer.get();
                }
            }
            candidates = silent;
        }
        return last;
    }

    private static boolean knows(Message answer) {
        return answer.code().equals(ResponseCode.NOERROR) || answer.code().equals(ResponseCode.NXDOMAIN);
    }

    private Optional<Message> ask(InetSocketAddress upstream, ForwardedQuestion question, long deadline) {
        if (deadline - System.nanoTime() <= 0) {
            return Optional.empty();
        }
        try {
            Message answer = new Exchange(upstream, deadline).ask(question);
            upstreams.answered(upstream);
            return Optional.of(answer);
        } catch (IOException e) {
            upstreams.silent(upstream);
            return Optional.empty();
        }
    }
}
