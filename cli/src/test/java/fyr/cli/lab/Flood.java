package fyr.cli.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that begins UDP flows at a rate: one datagram each, to all ports of an address. Runs in a pod, as a program of its own:
 * {@code java Flood.java ADDRESS COUNT RATE}.
 */
final class Flood {

    private static final int FIRST_PORT = 1_000;
    private static final int PORTS = 60_000;

    private Flood() {}

    public static void main(String[] args) throws IOException {
        InetAddress address = InetAddress.getByName(args[0]);
        int count = Integer.parseInt(args[1]);
        double nanosEach = 1e9 / Integer.parseInt(args[2]);
        ByteBuffer nothing = ByteBuffer.allocate(1);
        long begin = System.nanoTime();
        for (int sent = 0; sent < count; ) {
            try (DatagramChannel channel = DatagramChannel.open()) {
                for (int port = 0; port < PORTS && sent < count; port++, sent++) {
                    LockSupport.parkNanos(begin + (long) (sent * nanosEach) - System.nanoTime());
                    channel.send(nothing.rewind(), new InetSocketAddress(address, FIRST_PORT + port));
                }
            }
        }
        System.out.printf("sent=%d in %.1f s%n", count, (System.nanoTime() - begin) / 1e9);
    }
}
