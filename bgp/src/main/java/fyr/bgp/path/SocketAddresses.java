package fyr.bgp.path;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv6Address;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Addresses of peers as addresses of sockets, which name links by number. */
public final class SocketAddresses {

    private SocketAddresses() {}

    /**
     * The address for a socket.
     *
     * @throws IOException if its link does not exist
     */
    public static InetSocketAddress of(PeerAddress peer, int port, Links links) throws IOException {
        if (peer.link().isEmpty()) {
            return new InetSocketAddress(host(peer.address()), port);
        }
        String link = peer.link().get();
        int scope = links.index(link).orElseThrow(() -> new IOException("there is no link " + link));
        return new InetSocketAddress(
                Inet6Address.getByAddress(null, peer.address().toBytes(), scope), port);
    }

    /** An own address, on the link of the peer if it is link-local. */
    public static PeerAddress beside(IpAddress own, PeerAddress peer) {
        boolean linkLocal = own instanceof Ipv6Address six && NextHop.isLinkLocal(six);
        return new PeerAddress(own, linkLocal ? peer.link() : Optional.empty());
    }

    /** The address without a link. */
    public static InetAddress host(IpAddress address) throws IOException {
        return InetAddress.getByAddress(address.toBytes());
    }

    /**
     * Who sent something.
     *
     * @throws IllegalArgumentException if the link is gone
     */
    public static PeerAddress peer(InetSocketAddress sender, Links links) {
        InetAddress host = sender.getAddress();
        IpAddress address = IpAddress.of(host.getAddress());
        return host instanceof Inet6Address six && six.isLinkLocalAddress()
                ? new PeerAddress(address, links.name(six.getScopeId()))
                : PeerAddress.of(address);
    }
}
