package fyr.bgp.message;

import fyr.bgp.message.Capability.AddPath.Directions;
import fyr.bgp.message.Capability.ExtendedNextHop.Encoding;
import fyr.bgp.message.Capability.GracefulRestart.Preserved;
import fyr.bgp.message.Capability.LongLivedGracefulRestart.LongLived;
import fyr.bgp.path.AddressFamily;

/** Writes the body of an OPEN. All capabilities are in one parameter; if it is too long, the longer encoding of RFC 9072 is used. */
final class OpenWriter {

    private static final int CAPABILITIES = 2;
    private static final int EXTENDED = 255;

    private OpenWriter() {}

    static void write(Open open, Output out) {
        out.u8(4);
        out.u16(open.shortAs());
        out.u16(open.holdTime());
        out.u32(open.identifier().bits());
        Output capabilities = new Output();
        open.capabilities().forEach(capability -> capability(capability, capabilities));
        int length = capabilities.position();
        if (length == 0) {
            out.u8(0);
        } else if (length + 2 < EXTENDED) {
            out.u8(length + 2);
            out.u8(CAPABILITIES);
            out.u8(length);
        } else {
            out.u8(EXTENDED);
            out.u8(EXTENDED);
            out.u16(length + 3);
            out.u8(CAPABILITIES);
            out.u16(length);
        }
        out.all(capabilities.bytes(), 0, length);
    }

    private static void capability(Capability capability, Output out) {
        int head = out.position();
        out.skip(2);
        int code = value(capability, out);
        int length = out.position() - head - 2;
        if (length > 255) {
            throw new IllegalArgumentException("capability " + code + " has " + length + " bytes, more than 255");
        }
        out.u8At(head, code);
        out.u8At(head + 1, length);
    }

    private static int value(Capability capability, Output out) {
        return switch (capability) {
            case Capability.Multiprotocol(var family) -> {
                out.u16(family.afi());
                out.u8(0);
                out.u8(family.safi());
                yield CapabilityCode.MULTIPROTOCOL;
            }
            case Capability.Refresh() -> CapabilityCode.REFRESH;
            case Capability.EnhancedRefresh() -> CapabilityCode.ENHANCED_REFRESH;
            case Capability.ExtendedMessage() -> CapabilityCode.EXTENDED_MESSAGE;
            case Capability.ExtendedNextHop(var encodings) -> {
                encodings.forEach(encoding -> encoding(encoding, out));
                yield CapabilityCode.EXTENDED_NEXT_HOP;
            }
            case Capability.BgpRole(int role) -> {
                out.u8(role);
                yield CapabilityCode.ROLE;
            }
            case Capability.GracefulRestart restart -> gracefulRestart(restart, out);
            case Capability.LongLivedGracefulRestart(var families) -> {
                families.forEach(family -> longLived(family, out));
                yield CapabilityCode.LONG_LIVED_GRACEFUL_RESTART;
            }
            case Capability.FourOctetAs(long as) -> {
                out.u32((int) as);
                yield CapabilityCode.FOUR_OCTET_AS;
            }
            case Capability.AddPath(var families) -> {
                families.forEach(family -> directions(family, out));
                yield CapabilityCode.ADD_PATH;
            }
            case Capability.Unknown(int code, var value) -> {
                out.octets(value);
                yield code;
            }
        };
    }

    private static void family(AddressFamily family, Output out) {
        out.u16(family.afi());
        out.u8(family.safi());
    }

    private static void encoding(Encoding encoding, Output out) {
        out.u16(encoding.family().afi());
        out.u16(encoding.family().safi());
        out.u16(encoding.nextHopAfi());
    }

    private static int gracefulRestart(Capability.GracefulRestart restart, Output out) {
        out.u16((restart.restarting() ? 0x8000 : 0) | (restart.notifications() ? 0x4000 : 0) | restart.seconds());
        for (Preserved preserved : restart.families()) {
            family(preserved.family(), out);
            out.u8(preserved.forwarding() ? 0x80 : 0);
        }
        return CapabilityCode.GRACEFUL_RESTART;
    }

    private static void longLived(LongLived longLived, Output out) {
        family(longLived.family(), out);
        out.u8(longLived.forwarding() ? 0x80 : 0);
        out.u8(longLived.seconds() >>> 16);
        out.u16(longLived.seconds());
    }

    private static void directions(Directions directions, Output out) {
        family(directions.family(), out);
        out.u8((directions.receive() ? 1 : 0) | (directions.send() ? 2 : 0));
    }
}
