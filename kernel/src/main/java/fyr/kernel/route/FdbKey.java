package fyr.kernel.route;

import fyr.model.address.MacAddress;
import java.util.Comparator;

/** An Ethernet address behind a VXLAN link. */
public record FdbKey(String link, MacAddress mac) implements Comparable<FdbKey> {
    private static final Comparator<FdbKey> ORDER =
            Comparator.comparing(FdbKey::link).thenComparing(FdbKey::mac);

    @Override
    public int compareTo(FdbKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return mac + " dev " + link;
    }
}
