package fyr.bgp.path;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import org.jspecify.annotations.Nullable;

/** Where packets to a destination go. Destinations of IPv4 may have a next hop of IPv6 (RFC 8950). */
public sealed interface NextHop {

    /** The address of the router: the global one if it has two. */
    IpAddress address();

    /** The next hop at this address alone. */
    static NextHop of(IpAddress address) {
        return switch (address) {
            case Ipv4Address four -> new V4(four);
            case Ipv6Address six -> new V6(six);
        };
    }

    /** Whether an address is valid on one link only (fe80::/10). */
    static boolean isLinkLocal(Ipv6Address address) {
        return address.high() >>> 54 == 0xfe80L >>> 6;
    }

    /** An IPv4 address. */
    record V4(Ipv4Address address) implements NextHop {
        // Here and below written out, because what the compiler generates for records is slow without the server
        // compiler.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof V4(var otherAddress) && address.equals(otherAddress);
        }

        @Override
        public int hashCode() {
            return address.hashCode();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** One IPv6 address; peers without global addresses send a link-local one. */
    record V6(Ipv6Address address) implements NextHop {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof V6(var otherAddress) && address.equals(otherAddress);
        }

        @Override
        public int hashCode() {
            return address.hashCode();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** A global address and, on the link shared with the peer, a link-local one (RFC 2545 section 3). Some peers repeat the link-local one, or send :: as the global one. */
    record V6WithLinkLocal(Ipv6Address address, Ipv6Address linkLocal) implements NextHop {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof V6WithLinkLocal(var otherAddress, var otherLinkLocal)
                    && address.equals(otherAddress)
                    && linkLocal.equals(otherLinkLocal);
        }

        @Override
        public int hashCode() {
            return 31 * address.hashCode() + linkLocal.hashCode();
        }

        @Override
        public String toString() {
            return address + " " + linkLocal;
        }
    }
}
