package fyr.kernel.route;

import fyr.model.address.IpAddress;
import java.util.Comparator;

/** An address reached over a link. */
public record NeighbourKey(String link, IpAddress address) implements Comparable<NeighbourKey> {
    private static final Comparator<NeighbourKey> ORDER =
            Comparator.comparing(NeighbourKey::link).thenComparing(NeighbourKey::address);

    @Override
    public int compareTo(NeighbourKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return address + " dev " + link;
    }
}
