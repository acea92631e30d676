package fyr.lab.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Carries connections from the machine's loopback to the lab's API server: bytes only, whatever they mean. */
final class PortPump {

    private PortPump() {}

    /** Begins on the listening socket that was inherited as descriptor 0, if there is one. */
    static void start(InetSocketAddress target) throws IOException {
        if (Optional.ofNullable(System.inheritedChannel()).orElse(null) instanceof ServerSocketChannel listener) {
            Thread.ofVirtual().name("port").start(() -> accept(listener, target));
        }
    }

    private static void accept(ServerSocketChannel listener, InetSocketAddress target) {
        while (listener.isOpen()) {
            try {
                SocketChannel outer = listener.accept();
                Thread.ofVirtual().name("port-connection").start(() -> connect(outer, target));
            } catch (IOException e) {
                Thread.yield();
            }
        }
    }

    private static void connect(SocketChannel outer, InetSocketAddress target) {
        try (outer;
                SocketChannel inner = SocketChannel.open(target)) {
            Thread back = Thread.ofVirtual().name("port-answers").start(() -> copy(inner, outer));
            copy(outer, inner);
            back.join();
        } catch (IOException e) {
            return; // no server, or the client has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        try {
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            return; // it is closed all the same
        }
    }
}
