package fyr.kernel.route;

import fyr.model.address.Prefix;

/** A destination in a routing table. */
public record RouteKey(Prefix destination) implements Comparable<RouteKey> {
    @Override
    public int compareTo(RouteKey other) {
        return destination.compareTo(other.destination);
    }

    @Override
    public String toString() {
        return destination.toString();
    }
}
