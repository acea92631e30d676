package fyr.dns.message;

/**
 * What is asked.
 *
 * @param dnsClass 0 to 65535; {@link #INTERNET} but for curiosities
 */
public record Question(DnsName name, RecordType type, int dnsClass) {

    /** The class IN. */
    public static final int INTERNET = 1;

    /** A question in class IN. */
    public Question(DnsName name, RecordType type) {
        this(name, type, INTERNET);
    }
}
