package fyr.kernel.ipvs;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Comparator;

/** Where clients find a virtual server. */
public record VirtualServerKey(Protocol protocol, IpAddress address, int port) implements Comparable<VirtualServerKey> {

    private static final Comparator<VirtualServerKey> ORDER = Comparator.comparing(VirtualServerKey::address)
            .thenComparing(VirtualServerKey::port)
            .thenComparing(VirtualServerKey::protocol);

    @Override
    public int compareTo(VirtualServerKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol + " " + socket(address, port);
    }

    static String socket(IpAddress address, int port) {
        return (address.family() == Family.IPV6 ? "[" + address + "]" : address) + ":" + port;
    }
}
