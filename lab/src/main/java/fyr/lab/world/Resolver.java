package fyr.lab.world;

import fyr.linux.namespace.NetworkNamespace;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/** The resolver of the outside, at port 53 over UDP and TCP: knows the documentation names of RFC 2606. */
public final class Resolver implements AutoCloseable {

    private static final int PORT = 53;

    private final DatagramChannel datagrams;
    private final ServerSocketChannel connections;

    private Resolver(DatagramChannel datagrams, ServerSocketChannel connections) {
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /** Begins to answer in a namespace. To be called on a platform thread. */
    public static Resolver open(NetworkNamespace namespace) throws Exception {
        InetSocketAddress everywhere = new InetSocketAddress("::", PORT);
        Resolver resolver = namespace.call(() -> new Resolver(
                DatagramChannel.open().bind(everywhere),
                ServerSocketChannel.open().bind(everywhere)));
        Thread.ofVirtual().name("resolver-udp").start(resolver::serveDatagrams);
        Thread.ofVirtual().name("resolver-tcp").start(resolver::serveConnections);
        return resolver;
    }

    private void serveDatagrams() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (datagrams.isOpen()) {
            try {
                SocketAddress client = datagrams.receive(buffer.clear());
                byte[] answer = answer(taken(buffer.flip()));
                if (answer.length > 0) {
                    datagrams.send(ByteBuffer.wrap(answer), client);
                }
            } catch (IOException e) {
                continue; // closed, or an ICMP error for an earlier answer
            }
        }
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
                byte[] answer = answer(question);
                ByteBuffer framed = ByteBuffer.allocate(2 + answer.length)
                        .putShort((short) answer.length)
                        .put(answer);
                out.write(framed.array());
            }
        } catch (IOException e) {
            return; // the client has gone
        }
    }

    private byte[] answer(byte[] question) {
        return Answer.to(question);
    }

    private static byte[] taken(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
