package fyr.bench.curve;

import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A namespace that answers at all addresses of endpoints: one port says at which address it was reached, the other one echoes. */
final class Endpoints implements AutoCloseable {

    static final int PORT = 8080;
    static final int ECHO = 8081;

    private static final int BACKLOG = 4096;

    private final ServerSocketChannel addresses;
    private final ServerSocketChannel echo;

    private Endpoints(ServerSocketChannel addresses, ServerSocketChannel echo) {
        this.addresses = addresses;
        this.echo = echo;
        Thread.ofPlatform().daemon().start(() -> accept(addresses, Endpoints::say));
        Thread.ofPlatform().daemon().start(() -> accept(echo, Endpoints::repeat));
    }

    static Endpoints in(NetworkNamespace namespace) throws Exception {
        return new Endpoints(namespace.call(() -> listen(PORT)), namespace.call(() -> listen(ECHO)));
    }

    private static ServerSocketChannel listen(int port) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(port), BACKLOG);
    }

    private interface Answer {
        void to(SocketChannel client) throws IOException;
    }

    private static void accept(ServerSocketChannel server, Answer answer) {
        while (server.isOpen()) {
            try {
                answer.to(server.accept());
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException reset) {
                Thread.yield();
            }
        }
    }

    private static void say(SocketChannel client) throws IOException {
        try (client) {
            InetSocketAddress here = (InetSocketAddress) client.getLocalAddress();
            client.write(ByteBuffer.wrap(here.getAddress().getAddress()));
        }
    }

    private static void repeat(SocketChannel client) {
        Thread.ofPlatform().daemon().start(() -> {
            try (client) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
                while (client.read(buffer) >= 0) {
                    client.write(buffer.flip());
                    buffer.clear();
                }
            } catch (IOException reset) {
                Thread.yield(); // clients end their connections so
            }
        });
    }

    @Override
    public void close() throws IOException {
        addresses.close();
        echo.close();
    }
}
