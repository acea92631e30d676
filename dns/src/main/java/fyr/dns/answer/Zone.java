package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the server has authority over.
 *
 * @param domain the cluster's domain
 * @param ttl seconds, of records and of denials, 0 to 3600
 * @param servers the addresses of {@code ns.dns.<domain>}, i.e. of cluster DNS itself, which may change; asked for with every query for them
 * @param reverse blocks (services, pods) whose unknown addresses have no name; those of other blocks are asked upstream
 */
public record Zone(DnsName domain, int ttl, Supplier<List<IpAddress>> servers, List<Prefix> reverse) {

    public Zone {
        if (ttl < 0 || ttl > 3600) {
            throw new IllegalArgumentException("the TTL of the cluster zone is not within 0..3600 seconds: " + ttl);
        }
        reverse = List.copyOf(reverse);
    }

    /** {@code cluster.local} with a TTL of 5 seconds. */
    public static Zone standard(List<IpAddress> servers, List<Prefix> reverse) {
        return new Zone(DnsName.parse("cluster.local"), 5, () -> servers, reverse);
    }
}
