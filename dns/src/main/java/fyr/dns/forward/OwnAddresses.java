package fyr.dns.forward;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Where this program's DNS listens, to see that no upstream is this program itself. */
record OwnAddresses(List<InetSocketAddress> listening) {

    /** Whether what is sent to the upstream arrives here: at the same port, and at an address listened on by itself or by a wildcard. */
    boolean reachedBy(InetSocketAddress upstream) {
        return listening.stream()
                .filter(own -> own.getPort() == upstream.getPort())
                .anyMatch(own -> own.getAddress().equals(upstream.getAddress())
                        || own.getAddress().isAnyLocalAddress() && ofThisHost(upstream.getAddress())
                        || upstream.getAddress().isAnyLocalAddress()
                                && own.getAddress().isLoopbackAddress());
    }

    /** Only a host's own addresses can be bound. Linux sends what is addressed to a wildcard to the loopback address. */
    private static boolean ofThisHost(InetAddress address) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
