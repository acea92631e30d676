package fyr.compiler.service.cases;

import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.Family;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers at every address and port of a namespace that a case may lead to. Each says at which address and port it was reached, and which
 * client address it saw.
 */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class Answering implements AutoCloseable {

    private static final List<Integer> PORTS =
            List.of(Scene.PORT, Scene.UNDEFINED_PORT, Scene.NODE_PORT, Scene.TARGET_PORT, Scene.OTHER_TARGET_PORT);

    private final List<AutoCloseable> sockets = new ArrayList<>();

    private Answering() {}

    /** Starts the servers of a side; its addresses exist already. */
    static Answering start(NetworkNamespace namespace, List<Place> places) throws Exception {
        return namespace.call(() -> {
            Answering all = new Answering();
            for (int port : PORTS) {
                for (Place place : places) {
                    for (Family family : Family.values()) {
                        InetSocketAddress at =
                                new InetSocketAddress(place.in(family).toString(), port);
                        all.stream(at);
                        all.datagrams(at);
                    }
                }
            }
            return all;
        });
    }

    private void stream(InetSocketAddress at) throws IOException {
        ServerSocket server = new ServerSocket(at.getPort(), 64, at.getAddress());
        sockets.add(server);
        serve(() -> {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(text(at, client.getInetAddress()));
            }
        });
    }

    private void datagrams(InetSocketAddress at) throws SocketException {
        DatagramSocket server = new DatagramSocket(at);
        sockets.add(server);
        serve(() -> {
            DatagramPacket question = new DatagramPacket(new byte[1], 1);
            server.receive(question);
            byte[] answer = text(at, question.getAddress());
            server.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
        });
    }

    private static byte[] text(InetSocketAddress at, InetAddress client) {
        return (at.getAddress().getHostAddress() + " " + at.getPort() + " " + client.getHostAddress())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** One turn of a server. */
    private interface Turn {
        void run() throws IOException;
    }

    private static void serve(Turn turn) {
        Thread.ofPlatform().daemon().start(() -> {
            boolean open = true;
            while (open) {
                try {
                    turn.run();
                } catch (SocketException closed) {
                    open = !"Socket closed".equals(closed.getMessage());
                } catch (InterruptedIOException interrupted) {
                    open = false;
                } catch (IOException ofOneClient) {
                    // The client is gone, or did not want the answer.
                }
            }
        });
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable socket : sockets) {
            socket.close();
        }
    }
}
