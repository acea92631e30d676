package fyr.dns.server;

import fyr.dns.message.MessageWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One client's connection. What is known is answered at once, what is forwarded when its answer comes: order is not promised (RFC 7766 section
 * 6.2.1.1). The end of the client's sending is awaited with its last answers, as it may have shut down only that direction.
 */
final class TcpConnection implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TcpConnection.class.getName());

    private final Socket socket;
    private final QueryHandler handler;
    private final Forwards forwards;
    private final TcpLimits limits;
    private final Semaphore pipeline;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Deadline reading = Deadline.NONE;
    private volatile Deadline sending = Deadline.NONE;

    TcpConnection(Socket socket, QueryHandler handler, Forwards forwards, TcpLimits limits) {
        this.socket = socket;
        this.handler = handler;
        this.forwards = forwards;
        this.limits = limits;
        this.pipeline = new Semaphore(limits.pipelined());
    }

    InetAddress client() {
        return socket.getInetAddress();
    }

    /** Whether the client took longer than it may. */
    boolean late() {
        return reading.over() || sending.over();
    }

    void serve() throws IOException {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1024); // pipelined queries in one read
        while (true) {
            reading = Deadline.in(limits.idle());
            int high = in.read();
            if (high < 0) {
                break;
            }
            reading = Deadline.in(limits.message());
            int length = high << 8 | Math.max(0, in.read());
            byte[] query = in.readNBytes(length);
            reading = Deadline.NONE;
            if (query.length < length) {
                break;
            }
            answer(query);
        }
        reading = Deadline.NONE;
        pipeline.acquireUninterruptibly(limits.pipelined());
    }

    private void answer(byte[] query) throws IOException {
        switch (handler.handle(query, query.length, true)) {
            case Outcome.Reply(byte[] bytes, var _) -> send(bytes);
            case Outcome.Later later -> later(later);
            case Outcome.Nothing() -> {}
        }
    }

    /** Beyond the limits, waits for a while and reads no further: a client over TCP does not ask again. */
    private void later(Outcome.Later later) throws IOException {
        pipeline.acquireUninterruptibly();
        if (!forwards.acquire(client(), limits.turn())) {
            pipeline.release();
            handler.counters().limited(client());
            throw new SocketException("too many queries are being forwarded");
        }
        Thread.ofVirtual().name("dns-forward").start(() -> {
            try {
                byte[] answer;
                try {
                    answer = later.bytes().get();
                } finally {
                    forwards.release(client()); // a client that does not read holds up only itself
                }
                send(answer);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "a forwarded DNS answer was not sent", e);
            } finally {
                pipeline.release();
            }
        });
    }

    private void send(byte[] answer) throws IOException {
        writing.lock();
        try {
            sending = Deadline.in(limits.message());
            socket.getOutputStream().write(MessageWriter.frame(answer));
        } finally {
            sending = Deadline.NONE;
            writing.unlock();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
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
