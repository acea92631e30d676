package fyr.dns.message;

/**
 * The second word of the header (RFC 1035 section 4.1.1, RFC 4035 section 3).
 *
 * @param opcode 0 to 15; 0 is a query
 * @param code the response code, its upper bits taken from EDNS
 */
public record Flags(
        boolean response,
        int opcode,
        boolean authoritative,
        boolean truncated,
        boolean recursionDesired,
        boolean recursionAvailable,
        boolean authenticData,
        boolean checkingDisabled,
        ResponseCode code) {

    private static final Flags QUERY =
            new Flags(false, 0, false, false, true, false, false, false, ResponseCode.NOERROR);

    /** A query that wants recursion. */
    public static Flags query(boolean checkingDisabled) {
        return checkingDisabled ? ofBits(QUERY.bits() | 0x0010, 0) : QUERY;
    }

    /** The flags of a response to a query with these flags (RFC 1035: opcode and RD are copied; RFC 4035: so is CD). */
    public Flags reply(ResponseCode code, boolean authoritative) {
        return new Flags(true, opcode, authoritative, false, recursionDesired, true, false, checkingDisabled, code);
    }

    /** These flags with the mark of a message that was cut. */
    public Flags asTruncated() {
        return new Flags(
                response,
                opcode,
                authoritative,
                true,
                recursionDesired,
                recursionAvailable,
                authenticData,
                checkingDisabled,
                code);
    }

    static Flags ofBits(int bits, int extendedCode) {
        return new Flags(
                (bits & 0x8000) != 0,
                bits >>> 11 & 15,
                (bits & 0x0400) != 0,
                (bits & 0x0200) != 0,
                (bits & 0x0100) != 0,
                (bits & 0x0080) != 0,
                (bits & 0x0020) != 0,
                (bits & 0x0010) != 0,
                codeOf(extendedCode << 4 | bits & 15));
    }

    private static ResponseCode codeOf(int code) {
        return switch (code) {
            case 0 -> ResponseCode.NOERROR;
            case 3 -> ResponseCode.NXDOMAIN;
            default -> new ResponseCode(code);
        };
    }

    int bits() {
        return (response ? 0x8000 : 0)
                | opcode << 11
                | (authoritative ? 0x0400 : 0)
                | (truncated ? 0x0200 : 0)
                | (recursionDesired ? 0x0100 : 0)
                | (recursionAvailable ? 0x0080 : 0)
                | (authenticData ? 0x0020 : 0)
                | (checkingDisabled ? 0x0010 : 0)
                | code.code() & 15;
    }
}
