package fyr.compiler.service.cases;

import fyr.model.Locality;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Optional;
import java.util.stream.Stream;

/** An address of each family that the cases speak about, and where it is. */
enum Place {
    /** A pod of this node. */
    POD_A(Side.POD_A, "10.244.1.1", "fd00:244:1::1"),
    /** Another pod of this node. */
    POD_B(Side.POD_B, "10.244.1.2", "fd00:244:1::2"),
    /** A pod of node {@code other}, in another zone. */
    REMOTE_A(Side.OTHER, "10.244.2.1", "fd00:244:2::1"),
    /** Another pod of node {@code other}. */
    REMOTE_B(Side.OTHER, "10.244.2.2", "fd00:244:2::2"),
    /** A pod of node {@code near}, in this node's zone. */
    NEAR(Side.OTHER, "10.244.3.1", "fd00:244:3::1"),
    /** This node's InternalIP. */
    NODE(Side.NODE, "172.18.0.10", "fd00:18::10"),
    /** An address of this node that is not an InternalIP. */
    SECOND(Side.NODE, "172.19.0.10", "fd00:19::10"),
    /** This node's own loopback address. */
    LOOPBACK(Side.NODE, "127.0.0.1", "::1"),
    /** A client outside the cluster. */
    CLIENT(Side.CLIENT, "203.0.113.2", "2001:db8:1::2"),
    /** Another client outside the cluster, in another subnet. */
    STRANGER(Side.CLIENT, "203.0.113.130", "2001:db8:2::2"),
    /** A virtual address. */
    CLUSTER_IP(Side.WORLD, "10.96.0.1", "fd00:96::1"),
    /** Another virtual address. */
    CLUSTER_IP_2(Side.WORLD, "10.96.0.2", "fd00:96::2"),
    /** An address that others route to the nodes. */
    EXTERNAL_IP(Side.WORLD, "198.51.100.1", "2001:db8:99::1"),
    /** Another address that others route to the nodes. */
    EXTERNAL_IP_2(Side.WORLD, "198.51.100.2", "2001:db8:99::2"),
    /** A load balancer's address. */
    LOAD_BALANCER(Side.WORLD, "198.51.100.11", "2001:db8:99::11");

    /** A network namespace. */
    enum Side {
        /** This node. */
        NODE(""),
        POD_A("fyrpoda"),
        POD_B("fyrpodb"),
        /** Clients outside the cluster. */
        CLIENT("client"),
        /** Pods of other nodes. */
        OTHER("other"),
        /**
         * Everything that this node knows no better way to: at each address that is a service's in some case answers somebody who is not
         * behind a service.
         */
        WORLD("world");

        private final String link;

        Side(String link) {
            this.link = link;
        }

        /** This node's link to it; that of the node to itself is {@code lo}. */
        String link() {
            return link;
        }
    }

    private static final int SUBNET_IPV4 = 25;
    private static final int SUBNET_IPV6 = 64;

    private final Side side;
    private final IpAddress ipv4;
    private final IpAddress ipv6;

    Place(Side side, String ipv4, String ipv6) {
        this.side = side;
        this.ipv4 = IpAddress.parse(ipv4);
        this.ipv6 = IpAddress.parse(ipv6);
    }

    Side side() {
        return side;
    }

    IpAddress in(Family family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    /** The subnet around it, which contains none of the others outside. */
    Prefix subnet(Family family) {
        return Prefix.containing(in(family), family == Family.IPV4 ? SUBNET_IPV4 : SUBNET_IPV6);
    }

    static Stream<Place> at(Side side) {
        return Stream.of(values()).filter(place -> place.side == side);
    }

    static Optional<Place> of(IpAddress address) {
        return Stream.of(values())
                .filter(place -> place.in(address.family()).equals(address))
                .findFirst();
    }

    /** Where an endpoint with this address runs. */
    Locality locality() {
        return switch (this) {
            case REMOTE_A, REMOTE_B -> Locality.of("other", "b");
            case NEAR -> Locality.of("near", "a");
            default -> Locality.of("self", "a");
        };
    }
}
