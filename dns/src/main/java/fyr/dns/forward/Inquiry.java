package fyr.dns.forward;

import fyr.dns.message.Message;
import fyr.dns.message.ResponseCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One question put to upstream servers: to the first, and to the next whenever the one before lets down or keeps silent for a second. All that
 * were asked are listened to until the deadline, and one that cannot be reached is tried again and again: who restarts is back soon.
 */
final class Inquiry {

    private static final Duration PAUSE = Duration.ofMillis(300);

    private sealed interface Event {

        record Answered(Message message) implements Event {}

        record Unreachable() implements Event {}
    }

    private final ForwardedQuestion question;
    private final Upstreams upstreams;
    private final long deadline;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Thread> asking = new ArrayList<>();
    private Optional<Asked> latest = Optional.empty();

    /** The server that was asked last, and when (of {@link System#nanoTime}). */
    private record Asked(InetSocketAddress upstream, long begin) {}

    /** {@code deadline} is a point of {@link System#nanoTime}. */
    Inquiry(ForwardedQuestion question, Upstreams upstreams, long deadline) {
        this.question = question;
        this.upstreams = upstreams;
        this.deadline = deadline;
    }

    /** The first answer that knows; otherwise the last that does not; otherwise a failure. */
    Message answer() {
        try {
            return ask(new ArrayDeque<>(upstreams.order()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Forwarder.failure(question);
        } finally {
            asking.forEach(Thread::interrupt); // which closes their sockets
        }
    }

    private Message ask(Deque<InetSocketAddress> left) throws InterruptedException {
        Optional<Message> last = Optional.empty();
        int answers = 0;
        while (!left.isEmpty() || answers < asking.size()) {
            Optional.ofNullable(left.pollFirst()).ifPresent(this::start);
            // Once somebody has said no, silence of the others is worth a second, not all the time.
            boolean patient = left.isEmpty() && last.isEmpty();
            Optional<Event> event = next(patient ? Long.MAX_VALUE : Exchange.PATIENCE.toNanos());
            if (event.isEmpty()) {
                // Its own thread would note it in the same moment, but the answer of the next one may end that thread
                // first.
                latest.ifPresent(asked -> upstreams.silent(asked.upstream(), asked.begin()));
                if (left.isEmpty()) {
                    break;
                }
            }
            if (event.isPresent() && event.get() instanceof Event.Answered(Message message)) {
                if (knows(message)) {
                    return message;
                }
                last = Optional.of(message);
                answers++;
            }
        }
        return last.orElseGet(() -> Forwarder.failure(question));
    }

    private Optional<Event> next(long nanos) throws InterruptedException {
        long left = deadline - System.nanoTime();
        return Optional.ofNullable(events.poll(Math.min(nanos, left), TimeUnit.NANOSECONDS));
    }

    private static boolean knows(Message answer) {
        return answer.code().equals(ResponseCode.NOERROR) || answer.code().equals(ResponseCode.NXDOMAIN);
    }

    private void start(InetSocketAddress upstream) {
        latest = Optional.of(new Asked(upstream, System.nanoTime()));
        asking.add(Thread.ofVirtual().name("dns-ask").start(() -> askUntilAnswered(upstream)));
    }

    private void askUntilAnswered(InetSocketAddress upstream) {
        // Interrupted in a pause, it would send one more datagram before the socket notices.
        while (deadline - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
            Exchange exchange = new Exchange(upstream, upstreams, System.nanoTime(), deadline);
            try {
                events.add(new Event.Answered(exchange.ask(question)));
                return;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return; // another was quicker
                }
                exchange.silent();
                events.add(new Event.Unreachable());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
