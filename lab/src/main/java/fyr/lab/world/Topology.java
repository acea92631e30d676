package fyr.lab.world;

import fyr.apiserver.ClusterRanges;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who has which address in a lab. Subnet {@code s} is {@code 172.(18+s).0.0/16} and {@code fd00:(18+s)::/64} with the router at 1; node
 * {@code k} is at 10+k. Nodes are distributed to the subnets in turn, and each subnet is a zone.
 */
public record Topology(List<Place> places, int subnets) {

    /** Where the API server listens: the lab's own machine, behind a separate link to the router. */
    public static final List<IpAddress> MANAGEMENT = addresses("172.31.0.2", "fd00:31::2");

    /** The machine outside: a resolver at 53, and addresses that names resolve to. */
    public static final List<IpAddress> OUTSIDE = addresses(
            "203.0.113.53",
            "2001:db8::53",
            "203.0.113.10",
            "2001:db8::10",
            "203.0.113.20",
            "2001:db8::20",
            "203.0.113.30",
            "2001:db8::30");

    /** The addresses for load balancers: they are of the first subnet, because only there a node can answer for them. */
    public static final List<Prefix> LOAD_BALANCERS =
            List.of(Prefix.parse("172.18.1.0/24"), Prefix.parse("fd00:18::1:0/112"));

    /** The length of the IPv4 prefixes of the nodes' subnets. */
    static final int SUBNET_LENGTH = 16;

    static final List<IpAddress> MANAGEMENT_ROUTER = addresses("172.31.0.1", "fd00:31::1");
    static final List<IpAddress> OUTSIDE_ROUTER = addresses("203.0.113.1", "2001:db8::1");
    private static final int MOST_NODES = 200;
    private static final int MOST_SUBNETS = 10;
    private static final int MOST_ZONES = 26;

    public Topology {
        places = List.copyOf(places);
    }

    /** Lays out a lab; at most 200 nodes and 10 subnets. */
    public static Topology of(int nodes, int subnets) {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("a lab has 1 to " + MOST_NODES + " nodes, not " + nodes);
        }
        if (subnets < 1 || subnets > Math.min(nodes, MOST_SUBNETS)) {
            throw new IllegalArgumentException("a lab of " + nodes + " nodes has 1 to " + Math.min(nodes, MOST_SUBNETS)
                    + " subnets, not " + subnets);
        }
        return new Topology(
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(node -> place(node, (node - 1) % subnets))
                        .toList(),
                subnets);
    }

    /** The same machines, whose pods have addresses of this family alone. */
    public Topology withPodsOf(Family family) {
        return new Topology(
                places.stream().map(place -> place.withPodsOf(family)).toList(), subnets);
    }

    /** The same machines in so many zones: {@code zone-a}, {@code zone-b} and so on, in turn. */
    public Topology withZones(int zones) {
        int most = Math.min(places.size(), MOST_ZONES);
        if (zones < 1 || zones > most) {
            throw new IllegalArgumentException(
                    "a lab of " + places.size() + " nodes has 1 to " + most + " zones, not " + zones);
        }
        return new Topology(
                places.stream()
                        .map(place -> place.inZone("zone-" + (char) ('a' + (place.number() - 1) % zones)))
                        .toList(),
                subnets);
    }

    private static Place place(int number, int subnet) {
        return new Place(
                "node" + number,
                number,
                subnet,
                "subnet" + subnet,
                subnetAddresses(subnet, 10 + number),
                ClusterRanges.ofNode(number));
    }

    /** The router's addresses in a subnet. */
    static List<IpAddress> router(int subnet) {
        return subnetAddresses(subnet, 1);
    }

    private static List<IpAddress> subnetAddresses(int subnet, int host) {
        int network = 18 + subnet;
        return addresses("172." + network + ".0." + host, "fd00:" + network + "::" + Integer.toHexString(host));
    }

    private static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }
}
