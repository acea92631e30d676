package fyr.bgp.path;

import fyr.model.address.Ipv4Address;

/**
 * Who formed an aggregate (RFC 4271 section 5.1.7).
 *
 * @param as 1 to 4294967295
 */
public record Aggregator(long as, Ipv4Address address) {

    public Aggregator {
        if (as < 1 || as > 0xffffffffL) {
            throw new IllegalArgumentException("no AS number: " + as);
        }
    }

    @Override
    public String toString() {
        return as + " " + address;
    }
}
