package fyr.kernel.link;

import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;

/** A link that Fyr makes. Its name is the key in its table; names of ours begin with {@code fyr}. It is always up. */
public sealed interface Link {

    /** A VXLAN device (RFC 7348) that learns nothing and floods nothing: its peers are entries of the forwarding database. */
    record Vxlan(int vni, int port, IpAddress local, MacAddress mac, int mtu) implements Link {
        @Override
        public String toString() {
            return "vxlan id %d dstport %d local %s address %s mtu %d".formatted(vni, port, local, mac, mtu);
        }
    }

    /** A link with one of our names that Fyr did not make like this: present, and wrong. */
    record Foreign(String kind) implements Link {}
}
