package fyr.kernel.linux.datagram;

import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import fyr.kernel.linux.libc.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Answers datagrams at a port, at every address that the namespace has or gets, in both families. The answer is sent from the address that
 * was asked: a socket bound to the wildcard address leaves the choice to the routing table, which on a host with several addresses chooses
 * another one, and the client drops such an answer. {@link java.nio.channels.DatagramChannel} cannot report the address that was asked,
 * hence IPV6_PKTINFO (RFC 3542 section 6).
 */
public final class DatagramServer implements AutoCloseable {

    /** How many datagrams are answered before {@link #close} is heard: they may come without end. */
    private static final int AT_ONCE = 64;

    private final Descriptor socket;
    private final Descriptor stop;
    private final BiFunction<byte[], InetSocketAddress, Optional<byte[]>> answers;
    private final Thread reader;
    private boolean closed;

    private DatagramServer(
            Descriptor socket,
            Descriptor stop,
            String name,
            BiFunction<byte[], InetSocketAddress, Optional<byte[]>> answers) {
        this.socket = socket;
        this.stop = stop;
        this.answers = answers;
        // A platform thread: it waits in native calls.
        this.reader = Thread.ofPlatform().daemon().name(name).unstarted(this::serve);
    }

    /**
     * Binds a socket in the calling thread's network namespace. Nothing is answered before {@link #start}, which may be called on another
     * thread: a thread inherits its creator's namespace.
     *
     * @param answers from a datagram and its sender to the answer, or to none; called on one thread, must not throw
     * @throws fyr.kernel.KernelException EADDRINUSE if the port is taken; then nothing is left open
     */
    public static DatagramServer bind(
            int port, String name, BiFunction<byte[], InetSocketAddress, Optional<byte[]>> answers) {
        Descriptor socket = Sockets.socket(Sockets.AF_INET6, Sockets.SOCK_DGRAM, 0);
        try {
            Sockets.setsockopt(socket, Sockets.SOL_IPV6, Sockets.IPV6_V6ONLY, 0);
            Sockets.setsockopt(socket, Sockets.SOL_IPV6, Sockets.IPV6_RECVPKTINFO, 1);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment everywhere = arena.allocate(DatagramMessage.SOCKADDR, 4);
                everywhere.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_INET6);
                everywhere.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
                Sockets.bind(socket, everywhere);
            }
            return new DatagramServer(socket, Files.eventfd(), name, answers);
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /** Begins to answer. */
    public void start() {
        reader.start();
    }

    private void serve() {
        try (Arena arena = Arena.ofConfined()) {
            DatagramMessage message = new DatagramMessage(arena);
            while (Sockets.awaitReadable(List.of(stop, socket)) != 0) {
                answer(message);
            }
        }
    }

    /**
     * The error belongs to an earlier answer, reported by ICMP, or the datagram was discarded for a wrong checksum: the next one may
     * succeed.
     */
    private void answer(DatagramMessage message) {
        for (int i = 0; i < AT_ONCE && message.receive(socket); i++) {
            answers.apply(message.bytes(), message.sender()).ifPresent(bytes -> message.answer(socket, bytes));
        }
    }

    /** Stops answering; afterwards the port is free. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = false;
        Files.signal(stop);
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true; // the reader owns the sockets until it has ended
            }
        }
        socket.close();
        stop.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
