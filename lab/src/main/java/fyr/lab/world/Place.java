package fyr.lab.world;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;

/**
 * Where a node is.
 *
 * @param number from 1
 * @param subnet from 0
 * @param zone what its label {@code topology.kubernetes.io/zone} says
 * @param addresses IPv4 and IPv6, in this order, on {@code eth0}
 * @param podPrefixes the blocks its pods' addresses come from, IPv4 and IPv6
 */
public record Place(
        String name, int number, int subnet, String zone, List<IpAddress> addresses, List<Prefix> podPrefixes) {

    public Place {
        addresses = List.copyOf(addresses);
        podPrefixes = List.copyOf(podPrefixes);
    }

    Place withPodsOf(Family family) {
        List<Prefix> prefixes =
                podPrefixes.stream().filter(prefix -> prefix.family() == family).toList();
        return new Place(name, number, subnet, zone, addresses, prefixes);
    }

    Place inZone(String other) {
        return new Place(name, number, subnet, other, addresses, podPrefixes);
    }
}
