package fyr.bench;

import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** A server in a namespace that sends every datagram back. */
final class Echo implements AutoCloseable {

    private static final int PORT = 8080;

    private final IpAddress address;
    private final DatagramSocket socket;

    private Echo(IpAddress address, DatagramSocket socket) {
        this.address = address;
        this.socket = socket;
        Thread.ofPlatform().daemon().start(this::serve);
    }

    static Echo at(IpAddress address, NetworkNamespace namespace) throws Exception {
        return new Echo(
                address, namespace.call(() -> new DatagramSocket(PORT, InetAddress.getByAddress(address.toBytes()))));
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                socket.send(packet);
            } catch (IOException closed) {
                Thread.yield();
            }
        }
    }

    /** How long a datagram takes from a namespace and back, in one flow: but for the first, they are of an established connection. */
    Samples exchange(NetworkNamespace from, int times) throws Exception {
        try (DatagramSocket client = from.call(() -> new DatagramSocket())) {
            client.connect(InetAddress.getByAddress(address.toBytes()), PORT);
            client.setSoTimeout(5000);
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            return Stopwatch.time(times / 10 + 1, times, _ -> {
                client.send(packet);
                client.receive(packet);
            });
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
