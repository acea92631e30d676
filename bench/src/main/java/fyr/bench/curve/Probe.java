package fyr.bench.curve;

import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Connections of a node itself to Services. Each is reset at its end, so that no port stays in use. */
record Probe(NetworkNamespace node) {

    private static final int PATIENCE_MILLISECONDS = 5000;
    private static final int ADDRESS_BYTES = 4;
    private static final int RESOLUTION = 100;

    /** Whether a connection is established within this time. */
    boolean connects(InetSocketAddress target, int milliseconds) throws Exception {
        return node.call(() -> {
            try (SocketChannel channel = open()) {
                channel.socket().connect(target, milliseconds);
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    /**
     * Connects again and again until a connection leads to this endpoint, and returns the time (of {@link System#nanoTime}). The pauses are a
     * hundredth of the time so far: more connections would use up the ports of a slow program's node.
     */
    long reaches(InetSocketAddress target, IpAddress endpoint, long deadline) throws Exception {
        ByteBuffer wanted = ByteBuffer.wrap(endpoint.toBytes());
        long began = System.nanoTime();
        return node.call(() -> {
            while (System.nanoTime() < deadline) {
                if (answer(target).equals(wanted)) {
                    return System.nanoTime();
                }
                LockSupport.parkNanos((System.nanoTime() - began) / RESOLUTION);
            }
            throw new IllegalStateException("no connection to " + target + " led to " + endpoint);
        });
    }

    private static ByteBuffer answer(InetSocketAddress target) {
        ByteBuffer answer = ByteBuffer.allocate(ADDRESS_BYTES);
        try (SocketChannel channel = open()) {
            channel.socket().connect(target, PATIENCE_MILLISECONDS);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException refused) {
            answer.clear(); // between two endpoints there may be none
        }
        return answer.flip();
    }

    /** How long connect() takes, to one target after the other. One that fails takes as long as was waited for it, and is counted. */
    Samples connect(List<InetSocketAddress> targets, int times, LongAdder failures) throws Exception {
        return node.call(() -> Stopwatch.time(times / 10, times, number -> {
            try (SocketChannel channel = open()) {
                channel.socket().connect(targets.get(number % targets.size()), PATIENCE_MILLISECONDS);
            } catch (IOException failure) {
                failures.increment();
            }
        }));
    }

    /**
     * How many connections per second some threads establish, each one after the other. A connection counts when it has been answered:
     * otherwise the server's queue would fill, and connect() would measure its length.
     */
    Samples rate(List<InetSocketAddress> targets, int threads, long nanoseconds) throws Exception {
        AtomicLong done = new AtomicLong();
        long end = System.nanoTime() + nanoseconds;
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i;
            all.add(Thread.ofPlatform().start(() -> done.addAndGet(connecting(targets, first, end))));
        }
        for (Thread thread : all) {
            thread.join();
        }
        return Samples.of(done.get() * 1_000_000_000L / nanoseconds);
    }

    private long connecting(List<InetSocketAddress> targets, int first, long end) {
        try {
            return node.call(() -> {
                long done = 0;
                for (int number = first; System.nanoTime() < end; number++) {
                    if (answer(targets.get(number % targets.size())).hasRemaining()) {
                        done++;
                    }
                }
                return done;
            });
        } catch (Exception failure) {
            throw new IllegalStateException("cannot connect from this namespace", failure);
        }
    }

    /** How long some bytes, which must fit in the buffers of a socket, take to the echo server and back, in one connection. */
    Samples roundTrips(InetSocketAddress target, int bytes, int times) throws Exception {
        try (SocketChannel channel = node.call(() -> open(target))) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
            return Stopwatch.time(times / 10, times, _ -> {
                channel.write(buffer.clear());
                buffer.clear();
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    private static SocketChannel open(InetSocketAddress target) throws IOException {
        SocketChannel channel = open();
        Socket socket = channel.socket();
        socket.connect(target, PATIENCE_MILLISECONDS);
        return channel;
    }

    private static SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        return channel;
    }

    static InetSocketAddress target(IpAddress address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
