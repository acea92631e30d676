package fyr.lab.world;

import fyr.kernel.linux.datagram.DatagramServer;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** The resolver of the outside, at port 53 over UDP and TCP: knows the documentation names of RFC 2606. */
public final class Resolver implements AutoCloseable {

    private static final int PORT = 53;

    private final DatagramServer datagrams;
    private final ServerSocketChannel connections;

    private Resolver(DatagramServer datagrams, ServerSocketChannel connections) {
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /** Begins to answer in a namespace. To be called on a platform thread. */
    public static Resolver open(NetworkNamespace namespace) throws Exception {
        Resolver resolver = namespace.call(() -> new Resolver(
                DatagramServer.bind(PORT, "resolver-udp", (question, _) -> datagram(question)),
                ServerSocketChannel.open().bind(new InetSocketAddress("::", PORT))));
        resolver.datagrams.start();
        Thread.ofVirtual().name("resolver-tcp").start(resolver::serveConnections);
        return resolver;
    }

    private static Optional<byte[]> datagram(byte[] question) {
        return Optional.of(Answer.to(question)).filter(answer -> answer.length > 0);
    }

    private void serveConnections() {
        while (connections.isOpen()) {
            try {
                Socket client = connections.accept().socket();
                Thread.ofVirtual().name("resolver-client").start(() -> serve(client));
            } catch (IOException e) {
                continue;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = Answer.to(question);
                ByteBuffer framed = ByteBuffer.allocate(2 + answer.length)
                        .putShort((short) answer.length)
                        .put(answer);
                out.write(framed.array());
            }
        } catch (IOException e) {
            return; // the client has gone
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
