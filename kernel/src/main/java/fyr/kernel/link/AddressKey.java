package fyr.kernel.link;

import fyr.model.address.IpAddress;
import java.util.Comparator;

/** An address on a link. */
public record AddressKey(String link, IpAddress address) implements Comparable<AddressKey> {
    private static final Comparator<AddressKey> ORDER =
            Comparator.comparing(AddressKey::link).thenComparing(AddressKey::address);

    @Override
    public int compareTo(AddressKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return address + " dev " + link;
    }
}
