package fyr.bench;

import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two ends and a routing node between them, each in its own namespace. The rules in the node's kernel are measured. */
final class RoutedPair implements AutoCloseable {

    static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
    static final IpAddress SERVER = IpAddress.parse("10.244.2.2");
    static final int PORT = 8080;

    /** The names of the node's ends where both ends are pods; these names begin like those of pods' links. */
    static final String CLIENT_POD = "fyrclient";

    static final String SERVER_POD = "fyrserver";

    private static final IpAddress CLIENT_GATEWAY = IpAddress.parse("10.244.1.1");
    private static final IpAddress SERVER_GATEWAY = IpAddress.parse("10.244.2.1");
    private static final Prefix EVERYWHERE = Prefix.parse("0.0.0.0/0");
    private static final int MTU = 1500;

    private final NetworkNamespace node;
    private final NetworkNamespace client;
    private final LinuxKernel kernel;
    private final ServerSocketChannel listener;
    private final Echo echo;

    private RoutedPair(NetworkNamespace node, NetworkNamespace client, NetworkNamespace server) throws Exception {
        this.node = node;
        this.client = client;
        kernel = node.call(LinuxKernel::open);
        listener = server.call(() -> ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getByAddress(SERVER.toBytes()), PORT), 1024));
        Thread.ofPlatform().daemon().start(() -> accept(listener));
        echo = Echo.at(SERVER, server);
    }

    /** Two hosts that the node's rules do not know. */
    static RoutedPair make(String name) throws Exception {
        return make(name, "client", "server");
    }

    /** Two pods of the node; {@link SourceChecks} loads the rules that let their packets pass. */
    static RoutedPair pods(String name) throws Exception {
        return make(name, CLIENT_POD, SERVER_POD);
    }

    private static RoutedPair make(String name, String clientLink, String serverLink) throws Exception {
        NetworkNamespace node = namespace(name + "-node");
        NetworkNamespace client = namespace(name + "-client");
        NetworkNamespace server = namespace(name + "-server");
        try (Wiring inNode = Wiring.in(node);
                Wiring inClient = Wiring.in(client);
                Wiring inServer = Wiring.in(server)) {
            inNode.settings(Map.of("net/ipv4/ip_forward", "1")).up("lo");
            inNode.cable(clientLink, "eth0", client, MTU).address(clientLink, CLIENT_GATEWAY, 24);
            inNode.cable(serverLink, "eth0", server, MTU).address(serverLink, SERVER_GATEWAY, 24);
            inClient.up("lo").up("eth0").address("eth0", CLIENT, 24).route(EVERYWHERE, CLIENT_GATEWAY);
            inServer.up("lo").up("eth0").address("eth0", SERVER, 24).route(EVERYWHERE, SERVER_GATEWAY);
        }
        return new RoutedPair(node, client, server);
    }

    private static NetworkNamespace namespace(String name) {
        return NetworkNamespace.create(Path.of("/run/netns", name));
    }

    private static void accept(ServerSocketChannel listener) {
        while (listener.isOpen()) {
            try {
                listener.accept().close();
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException refused) {
                Thread.yield();
            }
        }
    }

    /** How long a datagram takes to the server and back. */
    Samples exchange(int times) throws Exception {
        return echo.exchange(client, times);
    }

    /** The node's kernel. */
    LinuxKernel kernel() {
        return kernel;
    }

    NetworkNamespace node() {
        return node;
    }

    /** How long it takes to establish connections, one after the other; each is reset at once, so that no port stays in use. */
    Samples connect(IpAddress address, int port, int times) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        return client.call(() -> Stopwatch.time(times / 10, times, _ -> {
            try (SocketChannel channel = SocketChannel.open()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                Socket socket = channel.socket();
                socket.connect(target, 5000);
            }
        }));
    }

    @Override
    public void close() throws IOException {
        echo.close();
        listener.close();
        kernel.close();
        List.of(node, client).forEach(NetworkNamespace::close);
    }
}
