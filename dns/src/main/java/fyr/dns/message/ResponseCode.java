package fyr.dns.message;

/** How a query went (RFC 1035 section 4.1.1, RFC 6891 section 6.1.3); {@code code} is 0 to 4095, above 15 only with EDNS. */
public record ResponseCode(int code) {

    public static final ResponseCode NOERROR = new ResponseCode(0);
    public static final ResponseCode FORMERR = new ResponseCode(1);
    public static final ResponseCode SERVFAIL = new ResponseCode(2);
    public static final ResponseCode NXDOMAIN = new ResponseCode(3);
    public static final ResponseCode NOTIMP = new ResponseCode(4);
    public static final ResponseCode REFUSED = new ResponseCode(5);
    public static final ResponseCode BADVERS = new ResponseCode(16);

    public ResponseCode {
        if (code < 0 || code > 0xfff) {
            throw new IllegalArgumentException("response code " + code + " is not within 0..4095");
        }
    }

    /** The code's mnemonic, or {@code RCODE}<i>code</i>. */
    @Override
    public String toString() {
        return switch (code) {
            case 0 -> "NOERROR";
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 3 -> "NXDOMAIN";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            case 16 -> "BADVERS";
            default -> "RCODE" + code;
        };
    }
}
