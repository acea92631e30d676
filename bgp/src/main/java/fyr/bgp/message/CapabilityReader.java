package fyr.bgp.message;

import fyr.bgp.message.Capability.AddPath.Directions;
import fyr.bgp.message.Capability.ExtendedNextHop.Encoding;
import fyr.bgp.message.Capability.GracefulRestart.Preserved;
import fyr.bgp.message.Capability.LongLivedGracefulRestart.LongLived;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the value of one capability. A length that its code does not allow is an error of the OPEN; bytes in a capability that needs none are
 * skipped, because peers exist that send them.
 */
final class CapabilityReader {

    private CapabilityReader() {}

    static Capability read(int code, Input in) {
        return switch (code) {
            case CapabilityCode.MULTIPROTOCOL -> multiprotocol(exactly(4, code, in));
            case CapabilityCode.REFRESH -> new Capability.Refresh();
            case CapabilityCode.ENHANCED_REFRESH -> new Capability.EnhancedRefresh();
            case CapabilityCode.EXTENDED_MESSAGE -> new Capability.ExtendedMessage();
            case CapabilityCode.EXTENDED_NEXT_HOP ->
                new Capability.ExtendedNextHop(each(6, code, in, CapabilityReader::encoding));
            case CapabilityCode.ROLE ->
                new Capability.BgpRole(exactly(1, code, in).u8());
            case CapabilityCode.GRACEFUL_RESTART -> gracefulRestart(in);
            case CapabilityCode.FOUR_OCTET_AS ->
                new Capability.FourOctetAs(exactly(4, code, in).u32());
            case CapabilityCode.ADD_PATH -> addPath(in);
            case CapabilityCode.LONG_LIVED_GRACEFUL_RESTART ->
                new Capability.LongLivedGracefulRestart(each(7, code, in, CapabilityReader::longLived));
            default -> new Capability.Unknown(code, in.rest());
        };
    }

    private static Input exactly(int length, int code, Input in) {
        if (in.remaining() != length) {
            throw malformed(code, in);
        }
        return in;
    }

    private static NotificationException malformed(int code, Input in) {
        return OpenReader.refused(
                ErrorCode.UNSPECIFIC, Octets.EMPTY, "capability " + code + " with " + in.remaining() + " bytes");
    }

    private static <T> List<T> each(int length, int code, Input in, Function<Input, T> reading) {
        if (in.remaining() % length != 0) {
            throw malformed(code, in);
        }
        List<T> all = new ArrayList<>();
        while (in.remaining() > 0) {
            all.add(reading.apply(in));
        }
        return all;
    }

    private static Capability multiprotocol(Input in) {
        int afi = in.u16();
        in.u8(); // reserved, to be ignored
        return new Capability.Multiprotocol(AddressFamily.of(afi, in.u8()));
    }

    private static AddressFamily family(Input in) {
        return AddressFamily.of(in.u16(), in.u8());
    }

    /** Here, the SAFI has two octets. */
    private static Encoding encoding(Input in) {
        int afi = in.u16();
        int safi = in.u16();
        if (safi > 0xff) {
            throw OpenReader.refused(ErrorCode.UNSPECIFIC, Octets.EMPTY, "SAFI " + safi);
        }
        return new Encoding(AddressFamily.of(afi, safi), in.u16());
    }

    private static Capability gracefulRestart(Input in) {
        if (in.remaining() < 2) {
            throw malformed(CapabilityCode.GRACEFUL_RESTART, in);
        }
        int head = in.u16();
        List<Preserved> families = each(
                4, CapabilityCode.GRACEFUL_RESTART, in, each -> new Preserved(family(each), (each.u8() & 0x80) != 0));
        return new Capability.GracefulRestart((head & 0x8000) != 0, (head & 0x4000) != 0, head & 0xfff, families);
    }

    private static LongLived longLived(Input in) {
        AddressFamily family = family(in);
        boolean forwarding = (in.u8() & 0x80) != 0;
        return new LongLived(family, forwarding, in.u8() << 16 | in.u16());
    }

    /** With a direction other than 1 to 3, the capability counts as not understood (RFC 7911 section 4). */
    private static Capability addPath(Input in) {
        if (in.remaining() % 4 != 0) {
            throw malformed(CapabilityCode.ADD_PATH, in);
        }
        Octets value = in.rest();
        List<Directions> families = new ArrayList<>();
        for (int i = 0; i < value.length(); i += 4) {
            int directions = value.at(i + 3);
            if (directions < 1 || directions > 3) {
                return new Capability.Unknown(CapabilityCode.ADD_PATH, value);
            }
            AddressFamily family = AddressFamily.of(value.at(i) << 8 | value.at(i + 1), value.at(i + 2));
            families.add(new Directions(family, (directions & 1) != 0, (directions & 2) != 0));
        }
        return new Capability.AddPath(families);
    }
}
