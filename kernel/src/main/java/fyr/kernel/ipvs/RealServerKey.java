package fyr.kernel.ipvs;

import fyr.model.address.IpAddress;
import java.util.Comparator;

/** A real server of a virtual server. */
public record RealServerKey(VirtualServerKey server, IpAddress address, int port) implements Comparable<RealServerKey> {

    private static final Comparator<RealServerKey> ORDER = Comparator.comparing(RealServerKey::server)
            .thenComparing(RealServerKey::address)
            .thenComparingInt(RealServerKey::port);

    @Override
    public int compareTo(RealServerKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return server + " -> " + VirtualServerKey.socket(address, port);
    }
}
