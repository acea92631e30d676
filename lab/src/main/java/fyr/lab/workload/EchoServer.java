package fyr.lab.workload;

import fyr.kernel.KernelException;
import fyr.kernel.linux.datagram.DatagramServer;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The servers of a pod: one for each port, for IPv4 and IPv6 at once. They listen when {@link #open} returns. */
public final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final List<Listener> listeners;

    private EchoServer(List<Listener> listeners) {
        this.listeners = listeners;
    }

    /** A port that somebody listens on. */
    public record Port(Protocol protocol, int number) {}

    private sealed interface Listener extends AutoCloseable {

        void serve(Identity identity);

        @Override
        void close();
    }

    private record Tcp(ServerSocketChannel channel, int port) implements Listener {

        @Override
        public void serve(Identity identity) {
            TcpEcho.serve(channel, identity, port);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private record Udp(DatagramServer server) implements Listener {

        @Override
        public void serve(Identity identity) {
            server.start();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /**
     * Opens the ports in a namespace; SCTP is skipped. Must be called on a platform thread.
     *
     * @throws UncheckedIOException if a port is taken; then none is left open
     */
    public static EchoServer open(NetworkNamespace namespace, Identity identity, Collection<Port> ports) {
        // Only sockets are created there: a thread started in another namespace, for example a carrier of virtual
        // threads, would stay in it.
        List<Listener> listeners = new ArrayList<>();
        namespace.run(() -> ports.forEach(port -> open(port, identity, listeners)));
        EchoServer server = new EchoServer(listeners);
        try {
            listeners.forEach(listener -> listener.serve(identity));
        } catch (RuntimeException | OutOfMemoryError unstarted) { // the latter means that no thread can be made
            server.close();
            throw unstarted;
        }
        return server;
    }

    private static void open(Port port, Identity identity, List<Listener> listeners) {
        try {
            listener(port, identity).ifPresent(listeners::add);
        } catch (IOException | KernelException taken) {
            new EchoServer(listeners).close();
            IOException cause = taken instanceof IOException io ? io : new IOException(taken.getMessage(), taken);
            throw new UncheckedIOException(
                    port.protocol() + " port " + port.number() + ": " + cause.getMessage(), cause);
        }
    }

    private static Optional<Listener> listener(Port port, Identity identity) throws IOException {
        return switch (port.protocol()) {
            case TCP -> Optional.of(new Tcp(bound(port.number()), port.number()));
            case UDP ->
                Optional.of(new Udp(DatagramServer.bind(
                        port.number(),
                        "echo-udp-" + port.number(),
                        (_, client) -> Optional.of(identity.answer(client, port.number(), Protocol.UDP)
                                .getBytes(StandardCharsets.US_ASCII)))));
            case SCTP -> Optional.empty();
        };
    }

    private static ServerSocketChannel bound(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            return channel.bind(new InetSocketAddress("::", port), BACKLOG);
        } catch (IOException taken) {
            channel.close();
            throw taken;
        }
    }

    /** Closes all of them, also when one of them fails to. */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (Listener listener : listeners) {
            try {
                listener.close();
            } catch (RuntimeException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
