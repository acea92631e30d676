package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AttributeCode;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Ipv6Address;

/** Writes MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760, RFC 8950). Their length always has two bytes, so that prefixes can be added until it is known. */
final class MultiprotocolWriter {

    private static final int OPTIONAL_EXTENDED = 0x90;

    private MultiprotocolWriter() {}

    /** Writes as many prefixes as fit; returns the position of the first that did not. */
    static int reach(NextHop nextHop, PathPrefixes prefixes, int from, boolean withIds, Output out, int limit) {
        int head = begin(AttributeCode.MP_REACH_NLRI, prefixes.family(), out);
        switch (nextHop) {
            case NextHop.V4(var address) -> {
                if (prefixes.family().equals(AddressFamily.IPV6)) {
                    throw new IllegalArgumentException("prefixes of IPv6 with the next hop " + address);
                }
                out.u8(4);
                out.u32(address.bits());
            }
            case NextHop.V6(var address) -> {
                out.u8(16);
                address(address, out);
            }
            case NextHop.V6WithLinkLocal(var address, var linkLocal) -> {
                out.u8(32);
                address(address, out);
                address(linkLocal, out);
            }
        }
        out.u8(0); // reserved
        return end(head, PrefixWriter.write(prefixes, from, withIds, out, limit), out);
    }

    /** Writes as many prefixes as fit; returns the position of the first that did not. */
    static int unreach(PathPrefixes prefixes, int from, boolean withIds, Output out, int limit) {
        int head = begin(AttributeCode.MP_UNREACH_NLRI, prefixes.family(), out);
        return end(head, PrefixWriter.write(prefixes, from, withIds, out, limit), out);
    }

    private static int begin(int code, AddressFamily family, Output out) {
        out.u8(OPTIONAL_EXTENDED);
        out.u8(code);
        int head = out.position();
        out.u16(0);
        out.u16(family.afi());
        out.u8(family.safi());
        return head;
    }

    private static int end(int head, int next, Output out) {
        out.u16At(head, out.position() - head - 2);
        return next;
    }

    private static void address(Ipv6Address address, Output out) {
        out.u64(address.high());
        out.u64(address.low());
    }
}
