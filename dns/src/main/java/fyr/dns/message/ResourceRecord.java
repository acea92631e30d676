package fyr.dns.message;

/**
 * One record.
 *
 * @param dnsClass 0 to 65535
 * @param ttl seconds, 0 to 2^31-1; what arrives with the top bit set is read as 0 (RFC 2181 section 8)
 */
public record ResourceRecord(DnsName name, int dnsClass, long ttl, RecordData data) {

    /** A record in class IN. */
    public ResourceRecord(DnsName name, long ttl, RecordData data) {
        this(name, Question.INTERNET, ttl, data);
    }

    /** The type of the data. */
    public RecordType type() {
        return data.type();
    }

    /** This record with another TTL. */
    public ResourceRecord withTtl(long seconds) {
        return seconds == ttl ? this : new ResourceRecord(name, dnsClass, seconds, data);
    }
}
