package fyr.dns.server;

import fyr.dns.message.MessageWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client's connection. Local answers are sent at once, forwarded ones when they arrive: the order is not guaranteed (RFC 7766 section
 * 6.2.1.1). After the last answers the connection waits for the end of the client's stream, because the client may have shut down only that
 * direction. Nothing is read while something waits: to be sent, to be forwarded, or for the client's rate. Used by the listener's thread,
 * unless stated otherwise.
 */
final class TcpConnection implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TcpConnection.class.getName());

    /** Queries answered in one turn; then another connection has its turn. */
    private static final int TURN = 16;

    /** When this many bytes wait to be sent, nothing more is answered before they are sent. */
    private static final int MUCH = 16 << 10;

    private static final int USUAL = 1024; // pipelined queries in one read
    private static final int PREFIX = 2;
    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    /** When a connection needs its next turn. */
    sealed interface Next {

        /** When the socket is ready or an answer arrives. */
        record Told() implements Next {}

        /** After that time, or earlier. */
        record In(long nanos) implements Next {}

        /** All was said. */
        record Never() implements Next {}
    }

    private final SocketChannel channel;
    private final TcpListener listener;
    private final QueryHandler handler;
    private final Forwards forwards;
    private final TcpLimits limits;
    private final TcpShares shares;
    private final InetAddress client;
    private final SelectionKey key;

    /** What was read and not yet parsed, in write mode: from 0 to the position. */
    private ByteBuffer in = ByteBuffer.allocate(USUAL);

    private final Queue<ByteBuffer> out = new ArrayDeque<>();
    private Optional<Waiting> waiting = Optional.empty();
    private boolean ended;
    private Deadline reading;
    private Deadline sending = Deadline.NONE;

    /** Answers from upstream, and how many are still to come or to be taken from there. Safe on any thread. */
    private final Queue<byte[]> forwarded = new ConcurrentLinkedQueue<>();

    private final AtomicInteger pipelined = new AtomicInteger();

    /** A query that is to be forwarded, and how long it may wait for that; not counted before there is room in the pipeline. */
    private record Waiting(Outcome.Later later, Deadline turn) {}

    /** Registers it with the listener. */
    TcpConnection(
            SocketChannel channel,
            TcpListener listener,
            QueryHandler handler,
            Forwards forwards,
            TcpLimits limits,
            TcpShares shares)
            throws IOException {
        this.channel = channel;
        this.listener = listener;
        this.handler = handler;
        this.forwards = forwards;
        this.limits = limits;
        this.shares = shares;
        this.client = channel.socket().getInetAddress();
        this.reading = Deadline.in(limits.idle());
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = listener.register(channel, this);
    }

    InetAddress client() {
        return client;
    }

    /** Whether the client exceeded its time limit. */
    boolean late() {
        return reading.over() || sending.over();
    }

    /** Does what can be done without waiting, but limits the amount. */
    Next turn() throws IOException {
        write();
        boolean between = in.position() == 0;
        int answered = 0;
        Next next = new Next.Told();
        if (out.isEmpty()) {
            takeForwarded();
            read();
            Progress progress = answerSome();
            answered = progress.answered();
            write();
            next = nextAfter(progress);
        }
        boolean wantsToRead = next instanceof Next.Told && out.isEmpty() && waiting.isEmpty() && !ended;
        if (!(next instanceof Next.Never)) {
            key.interestOps((wantsToRead ? SelectionKey.OP_READ : 0) | (out.isEmpty() ? 0 : SelectionKey.OP_WRITE));
        }
        if (!wantsToRead) {
            reading = Deadline.NONE;
        } else if (answered > 0 || !reading.set() || between != (in.position() == 0)) {
            reading = Deadline.in(in.position() == 0 ? limits.idle() : limits.message());
        }
        return next;
    }

    private Next nextAfter(Progress progress) {
        if (!out.isEmpty()) {
            return new Next.Told();
        }
        if (!forwarded.isEmpty()) {
            return new Next.In(0);
        }
        boolean all = progress.next() instanceof Next.Told && ended && waiting.isEmpty() && pipelined.get() == 0;
        return all ? new Next.Never() : progress.next();
    }

    private void read() throws IOException {
        if (in.hasRemaining() && waiting.isEmpty() && !ended) {
            ended = channel.read(in) < 0;
        }
    }

    private record Progress(int answered, Next next) {}

    private Progress answerSome() throws IOException {
        for (int answered = 0; ; answered++) {
            Next next = waiting.isPresent() ? forward(waiting.get()) : new Next.Told();
            if (waiting.isPresent() || !message()) {
                return new Progress(answered, next);
            }
            if (answered == TURN || unsent() >= MUCH) {
                return new Progress(answered, new Next.In(0));
            }
            long wait = shares.take(client, System.nanoTime());
            if (wait > 0) {
                return new Progress(answered, new Next.In(wait));
            }
            answer(takeMessage());
        }
    }

    private int unsent() {
        return out.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    private int length() {
        return in.getShort(0) & 0xffff;
    }

    /** Whether a whole message was read; makes room for a message that is larger than usual. */
    private boolean message() {
        if (in.position() < PREFIX) {
            return false;
        }
        int whole = PREFIX + length();
        if (whole > in.capacity()) {
            in = ByteBuffer.allocate(whole).put(in.flip());
        }
        return in.position() >= whole;
    }

    private byte[] takeMessage() {
        byte[] query = new byte[length()];
        in.flip().position(PREFIX).get(query);
        in = in.capacity() > USUAL && in.remaining() <= USUAL
                ? ByteBuffer.allocate(USUAL).put(in)
                : in.compact();
        return query;
    }

    private void answer(byte[] query) {
        switch (handler.handle(query, query.length, true)) {
            case Outcome.Reply(byte[] bytes, var _) -> send(bytes);
            case Outcome.Later later -> waiting = Optional.of(new Waiting(later, Deadline.NONE));
            case Outcome.Nothing() -> {}
        }
    }

    /** Beyond the limits, waits for a while and stops reading: a client over TCP does not repeat its query. */
    private Next forward(Waiting query) throws IOException {
        if (pipelined.get() >= limits.pipelined()) {
            return new Next.Told();
        }
        Deadline turn = query.turn().set() ? query.turn() : Deadline.in(limits.turn());
        Forwards.Turn now = forwards.tryAcquire(client);
        if (now == Forwards.Turn.TAKEN) {
            waiting = Optional.empty();
            pipelined.incrementAndGet();
            Thread.ofVirtual().name("dns-forward").start(() -> resolve(query.later()));
            return new Next.Told();
        }
        if (turn.over()) {
            switch (now) {
                case SHARE_SPENT -> handler.counters().limited(client);
                case ALL_BUSY, TAKEN ->
                    handler.counters().dropped(); // others use up everything: this client is not to blame
            }
            throw new SocketException("too many queries are being forwarded");
        }
        waiting = Optional.of(new Waiting(query.later(), turn));
        return new Next.In(LOOK_AGAIN_NANOS); // it waits for one of three things, and seldom at all
    }

    /** On a thread of its own. */
    private void resolve(Outcome.Later later) {
        Optional<byte[]> answer = Optional.empty();
        try {
            answer = Optional.of(later.bytes().get());
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a forwarded DNS query has no answer", e);
        } finally {
            forwards.release(client); // a client that does not read delays only itself
            answer.ifPresentOrElse(forwarded::add, pipelined::decrementAndGet);
            listener.answered(this);
        }
    }

    private void takeForwarded() {
        while (unsent() < MUCH && !forwarded.isEmpty()) {
            send(forwarded.remove());
            pipelined.decrementAndGet();
        }
    }

    private void send(byte[] answer) {
        out.add(ByteBuffer.wrap(MessageWriter.frame(answer)));
    }

    private void write() throws IOException {
        if (out.isEmpty()) {
            return;
        }
        channel.write(out.toArray(ByteBuffer[]::new));
        while (!out.isEmpty() && !out.element().hasRemaining()) {
            out.remove();
            sending = Deadline.NONE;
        }
        if (!out.isEmpty() && !sending.set()) {
            sending = Deadline.in(limits.message());
        }
    }

    /** On any thread. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "connection not closed", e);
        }
    }

    /** A point of {@link System#nanoTime}, or none. */
    private record Deadline(boolean set, long nanos) {

        static final Deadline NONE = new Deadline(false, 0);

        static Deadline in(Duration duration) {
            return new Deadline(true, System.nanoTime() + duration.toNanos());
        }

        boolean over() {
            return set && System.nanoTime() - nanos > 0;
        }
    }
}
