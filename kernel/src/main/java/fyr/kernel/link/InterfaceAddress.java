package fyr.kernel.link;

/**
 * How an address is set. IPv6 addresses of ours skip duplicate address detection (IFA_F_NODAD).
 *
 * @param prefixLength in bits
 * @param source whether the kernel may choose it as the source of what the node sends by itself, or masquerades; otherwise an IPv4 address is
 *     of scope host, and one of IPv6 is deprecated (RFC 6724 section 5 rule 3). It can be listened at either way.
 */
public record InterfaceAddress(int prefixLength, boolean source) {

    /** An address that the node may speak from. */
    public InterfaceAddress(int prefixLength) {
        this(prefixLength, true);
    }

    @Override
    public String toString() {
        return "prefix length " + prefixLength + (source ? "" : ", not used as a source");
    }
}
