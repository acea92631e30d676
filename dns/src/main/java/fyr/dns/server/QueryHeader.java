package fyr.dns.server;

import fyr.dns.message.MessageReader;
import fyr.dns.message.ResponseCode;
import java.util.Arrays;
import java.util.Optional;

/**
 * The first twelve bytes of a packet (RFC 1035 section 4.1.1). Most of what is no question is told by them and answered with as many, so that a
 * packet stuffed with questions or records is neither read nor sent back.
 */
record QueryHeader(byte[] packet) {

    /** OPT, and TSIG or SIG(0) (RFC 8945 section 5.1, RFC 2931 section 3.1); CoreDNS takes no more either. */
    private static final int MOST_ADDITIONALS = 2;

    boolean response() {
        return (packet[2] & 0x80) != 0;
    }

    private int opcode() {
        return packet[2] >>> 3 & 15;
    }

    private int count(int section) {
        int at = 4 + 2 * section;
        return (packet[at] & 255) << 8 | packet[at + 1] & 255;
    }

    /** How to refuse what is no query of one question. An IXFR query tells its serial in one authority record (RFC 1995 section 3). */
    Optional<ResponseCode> refusal() {
        if (opcode() != 0) {
            return Optional.of(
                    ResponseCode.NOTIMP); // whatever its sections mean: those of an UPDATE are others (RFC 2136)
        }
        boolean query = count(0) == 1 && count(1) == 0 && count(2) <= 1 && count(3) <= MOST_ADDITIONALS;
        return query ? Optional.empty() : Optional.of(ResponseCode.FORMERR);
    }

    /** The answer that is a header alone: id, opcode and RD of the query, and the code. */
    byte[] answer(ResponseCode code) {
        byte[] header = Arrays.copyOf(packet, MessageReader.HEADER);
        header[2] = (byte) (packet[2] & 0x79 | 0x80);
        header[3] = (byte) code.code();
        Arrays.fill(header, 4, MessageReader.HEADER, (byte) 0);
        return header;
    }
}
