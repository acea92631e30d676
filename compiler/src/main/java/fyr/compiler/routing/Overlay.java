package fyr.compiler.routing;

import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.link.Link;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The VXLAN device, whose parameters all nodes can derive without exchanging them: its Ethernet address is derived from the node's name,
 * and its IP address is the first one of the node's pod block (which no pod gets).
 */
public final class Overlay {

    /** Name of the device. */
    public static final String LINK = "fyr-vxlan";

    /** VXLAN network identifier: "Fyr" in ASCII, to avoid other overlays on the same nodes. */
    public static final int VNI = 0x467972;

    /** UDP port (RFC 7348, assigned by IANA). */
    public static final int PORT = 4789;

    private Overlay() {}

    /** Bytes that the tunnel adds: outer IP header, UDP 8, VXLAN 8, inner Ethernet 14 (RFC 7348 section 5). */
    public static int overhead(Family underlay) {
        return switch (underlay) {
            case IPV4 -> 50;
            case IPV6 -> 70;
        };
    }

    /** The address of this node's tunnel endpoint: IPv4 if it has one. */
    public static Optional<IpAddress> endpoint(Node node) {
        return node.address(Family.IPV4).or(() -> node.address(Family.IPV6));
    }

    static MacAddress mac(String node) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(("fyr vtep " + node).getBytes(StandardCharsets.UTF_8));
            return MacAddress.local(ByteBuffer.wrap(digest).getLong() & 0xffff_ffff_ffffL);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The device's own address in a block of pods. */
    static IpAddress address(Prefix podCidr) {
        return podCidr.address();
    }

    static Link device(NodeIdentity identity, IpAddress local) {
        return new Link.Vxlan(
                VNI, PORT, local, mac(identity.name()), identity.uplink().mtu() - overhead(local.family()));
    }

    /**
     * MTU of this node's pods. A pod's link has one MTU for all destinations, so if tunnels are possible it leaves room for them even for
     * pods of nodes on the same subnet: a node in another subnet may join at any time.
     */
    public static int podMtu(NodeIdentity identity, Optional<Node> self) {
        Family underlay = self.flatMap(Overlay::endpoint).map(IpAddress::family).orElse(Family.IPV4);
        return switch (identity.overlay()) {
            case AUTO, VXLAN -> identity.uplink().mtu() - overhead(underlay);
            case DIRECT -> identity.uplink().mtu();
        };
    }
}
