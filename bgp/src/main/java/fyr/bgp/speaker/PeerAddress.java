package fyr.bgp.speaker;

import fyr.bgp.path.NextHop;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv6Address;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a peer is found.
 *
 * @param link the link of a link-local address, and only of such a one
 */
public record PeerAddress(IpAddress address, Optional<String> link) implements Comparable<PeerAddress> {

    public PeerAddress {
        boolean linkLocal = address instanceof Ipv6Address six && NextHop.isLinkLocal(six);
        if (linkLocal != link.isPresent()) {
            throw new IllegalArgumentException(
                    linkLocal ? address + " needs a link" : address + " is no link-local address, so it has no link");
        }
    }

    /** An address that is valid everywhere. */
    public static PeerAddress of(IpAddress address) {
        return new PeerAddress(address, Optional.empty());
    }

    /**
     * The address at an end of a connection.
     *
     * @throws IllegalArgumentException if its link is gone
     */
    static PeerAddress of(InetSocketAddress socket, Links links) {
        InetAddress host = socket.getAddress();
        boolean scoped = host.isLinkLocalAddress() && host instanceof Inet6Address;
        return new PeerAddress(
                IpAddress.of(host.getAddress()),
                scoped ? links.name(((Inet6Address) host).getScopeId()) : Optional.empty());
    }

    /**
     * The address for a socket.
     *
     * @throws IOException if the link does not exist
     */
    InetSocketAddress socket(int port, Links links) throws IOException {
        if (link.isEmpty()) {
            return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        }
        int scope = links.index(link.get()).orElseThrow(() -> new IOException("there is no link " + link.get()));
        return new InetSocketAddress(Inet6Address.getByAddress(null, address.toBytes(), scope), port);
    }

    @Override
    public int compareTo(PeerAddress other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : link.orElse("").compareTo(other.link.orElse(""));
    }

    @Override
    public String toString() {
        return link.map(name -> address + "%" + name).orElseGet(address::toString);
    }
}
