package fyr.lab.workload;

import fyr.linux.namespace.NetworkNamespace;
import fyr.model.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The servers of a pod: for each port one, for IPv4 and IPv6 at once. They listen when {@link #open} returns. */
public final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final List<Channel> channels;

    private EchoServer(List<Channel> channels) {
        this.channels = channels;
    }

    /** A port that somebody listens on. */
    public record Port(Protocol protocol, int number) {}

    /**
     * Opens the ports in a namespace; SCTP is passed over. To be called on a platform thread.
     *
     * @throws UncheckedIOException if a port is taken; then none is left open
     */
    public static EchoServer open(NetworkNamespace namespace, Identity identity, Collection<Port> ports) {
        // Only sockets are made there: a thread started in another namespace, a carrier of virtual threads for one,
        // would stay in it.
        List<Channel> channels = new ArrayList<>();
        namespace.run(() -> open(ports, channels));
        int next = 0;
        for (Port port : ports) {
            switch (port.protocol()) {
                case TCP -> TcpEcho.serve((ServerSocketChannel) channels.get(next++), identity, port.number());
                case UDP -> UdpEcho.serve((DatagramChannel) channels.get(next++), identity, port.number());
                case SCTP -> {}
            }
        }
        return new EchoServer(channels);
    }

    private static void open(Collection<Port> ports, List<Channel> channels) {
        for (Port port : ports) {
            try {
                open(port, channels);
            } catch (IOException taken) {
                new EchoServer(channels).close();
                throw new UncheckedIOException(
                        port.protocol() + " port " + port.number() + ": " + taken.getMessage(), taken);
            }
        }
    }

    /** What is opened is in the list before it is bound, and so is closed if its port is taken. */
    private static void open(Port port, List<Channel> channels) throws IOException {
        InetSocketAddress everywhere = new InetSocketAddress("::", port.number());
        switch (port.protocol()) {
            case TCP -> {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channels.add(channel);
                channel.bind(everywhere, BACKLOG);
            }
            case UDP -> {
                DatagramChannel channel = DatagramChannel.open();
                channels.add(channel);
                channel.bind(everywhere);
            }
            case SCTP -> {}
        }
    }

    /** Closes all of them, also when one of them fails to. */
    @Override
    public void close() {
        List<IOException> failures = new ArrayList<>();
        for (Channel channel : channels) {
            try {
                channel.close();
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw new UncheckedIOException(failures.getFirst());
        }
    }
}
