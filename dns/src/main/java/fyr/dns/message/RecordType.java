package fyr.dns.message;

/** The type of a record or of a question (IANA, "Domain Name System Parameters"); {@code code} is 0 to 65535. */
public record RecordType(int code) {

    public static final RecordType A = new RecordType(1);
    public static final RecordType NS = new RecordType(2);
    public static final RecordType CNAME = new RecordType(5);
    public static final RecordType SOA = new RecordType(6);
    public static final RecordType PTR = new RecordType(12);
    public static final RecordType HINFO = new RecordType(13);
    public static final RecordType TXT = new RecordType(16);
    public static final RecordType AAAA = new RecordType(28);
    public static final RecordType SRV = new RecordType(33);
    public static final RecordType OPT = new RecordType(41);
    public static final RecordType IXFR = new RecordType(251);
    public static final RecordType AXFR = new RecordType(252);
    public static final RecordType ANY = new RecordType(255);

    private static final String UNNAMED = "TYPE";

    public RecordType {
        if (code < 0 || code > 0xffff) {
            throw new IllegalArgumentException("record type " + code + " is not within 0..65535");
        }
    }

    /** Whether the type has a mnemonic here: there are few, so they may be told apart where 65,536 would be too many. */
    public boolean hasMnemonic() {
        return !toString().startsWith(UNNAMED);
    }

    /** The type's mnemonic, or {@code TYPE}<i>code</i> (RFC 3597 section 5). */
    @Override
    public String toString() {
        return switch (code) {
            case 1 -> "A";
            case 2 -> "NS";
            case 5 -> "CNAME";
            case 6 -> "SOA";
            case 12 -> "PTR";
            case 13 -> "HINFO";
            case 15 -> "MX";
            case 16 -> "TXT";
            case 28 -> "AAAA";
            case 33 -> "SRV";
            case 35 -> "NAPTR";
            case 41 -> "OPT";
            case 43 -> "DS";
            case 64 -> "SVCB";
            case 65 -> "HTTPS";
            case 251 -> "IXFR";
            case 252 -> "AXFR";
            case 255 -> "ANY";
            default -> UNNAMED + code;
        };
    }
}
