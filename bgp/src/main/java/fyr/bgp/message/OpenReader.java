package fyr.bgp.message;

import fyr.bgp.path.Octets;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;

/** Reads an OPEN and refuses what no speaker may accept (RFC 4271 section 6.2, RFC 6286, RFC 7607, RFC 9072). */
final class OpenReader {

    private static final int VERSION = 4;
    private static final int CAPABILITIES = 2;
    private static final int EXTENDED = 255;

    private OpenReader() {}

    static Open read(Input in) {
        int version = in.u8();
        if (version != VERSION) {
            throw refused(ErrorCode.UNSUPPORTED_VERSION, Octets.of((byte) 0, (byte) VERSION), "version " + version);
        }
        int as = in.u16();
        int holdTime = in.u16();
        Ipv4Address identifier = new Ipv4Address(in.s32());
        Open open = new Open(as, holdTime, identifier, parameters(in));
        if (as == 0 || open.as() == 0) {
            throw refused(ErrorCode.BAD_PEER_AS, Octets.EMPTY, "AS 0");
        }
        if (holdTime == 1 || holdTime == 2) {
            throw refused(ErrorCode.UNACCEPTABLE_HOLD_TIME, Octets.EMPTY, "hold time " + holdTime);
        }
        if (identifier.bits() == 0) {
            throw refused(ErrorCode.BAD_IDENTIFIER, Octets.EMPTY, "identifier 0.0.0.0");
        }
        return open;
    }

    private static List<Capability> parameters(Input in) {
        int length = in.u8();
        boolean extended = length != 0 && in.peek() == EXTENDED;
        if (extended) {
            in.u8();
            length = in.u16();
        }
        if (length != in.remaining()) {
            throw refused(ErrorCode.UNSPECIFIC, Octets.EMPTY, "length of the parameters does not match the message");
        }
        List<Capability> capabilities = new ArrayList<>();
        while (in.remaining() > 0) {
            int type = in.u8();
            Input parameter = in.part(extended ? in.u16() : in.u8());
            if (type != CAPABILITIES) {
                throw refused(ErrorCode.UNSUPPORTED_PARAMETER, Octets.EMPTY, "parameter " + type);
            }
            while (parameter.remaining() > 0) {
                int code = parameter.u8();
                capabilities.add(CapabilityReader.read(code, parameter.part(parameter.u8())));
            }
        }
        return capabilities;
    }

    static NotificationException refused(int subcode, Octets data, String reason) {
        return NotificationException.of(ErrorCode.OPEN, subcode, data, reason);
    }
}
