package fyr.dns.forward;

import fyr.dns.DnsException;
import fyr.dns.message.Message;
import fyr.dns.message.ResponseCode;
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
 * Asks upstream servers in their order, the next one after a timeout or a failure, twice round. Identical questions in flight share one
 * exchange, so a query that comes back here through an upstream waits for itself and times out instead of circling.
 */
public final class UpstreamForwarder implements Forwarder {

    private static final Duration PATIENCE =
            Duration.ofMillis(1000); // two upstreams, twice, within glibc's and musl's 5 s
    private static final int ROUNDS = 2;

    private final List<InetSocketAddress> upstreams;
    private final AnswerCache cache;
    private final ConcurrentMap<ForwardedQuestion, CompletableFuture<Message>> inFlight = new ConcurrentHashMap<>();

    /**
     * Forwards to these servers.
     *
     * @param own the addresses this program's DNS listens on
     * @param remembered how many records are kept at most
     * @throws DnsException if an upstream is one of our own addresses
     */
    public UpstreamForwarder(
            List<InetSocketAddress> upstreams, List<InetSocketAddress> own, int remembered, InstantSource clock) {
        for (InetSocketAddress upstream : upstreams) {
            if (own.contains(upstream)) {
                throw new DnsException(
                        "upstream DNS server " + upstream.getAddress().getHostAddress() + " port " + upstream.getPort()
                                + " is this cluster DNS itself: name another one");
            }
        }
        this.upstreams = List.copyOf(upstreams);
        this.cache = new AnswerCache(remembered, clock);
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
            answer = ask(question);
            cache.put(question, answer);
        } finally {
            inFlight.remove(question);
            mine.complete(answer);
        }
        return answer;
    }

    private Message ask(ForwardedQuestion question) {
        Message last = Forwarder.failure(question);
        for (int attempt = 0; attempt < upstreams.size() * ROUNDS && attempt < 4; attempt++) {
            Exchange exchange = new Exchange(upstreams.get(attempt % upstreams.size()), PATIENCE);
            try {
                last = askEither(exchange, question);
                if (last.code().equals(ResponseCode.NOERROR) || last.code().equals(ResponseCode.NXDOMAIN)) {
                    return last;
                }
            } catch (IOException e) {
                continue; // silent or unreachable: the next one
            }
        }
        return last;
    }

    /** Once more without EDNS for a server from before 1999 (RFC 6891 section 7). */
    private static Message askEither(Exchange exchange, ForwardedQuestion question) throws IOException {
        Message answer = exchange.ask(question, true);
        boolean refusesEdns =
                answer.code().equals(ResponseCode.FORMERR) || answer.code().equals(ResponseCode.NOTIMP);
        return refusesEdns ? exchange.ask(question, false) : answer;
    }
}
