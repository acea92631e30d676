package fyr.kernel.nft;

/**
 * A type of key or value, under nft's name and number (include/datatype.h of nftables), so that {@code nft list} prints elements readably.
 * In a concatenation each field is padded to a multiple of four bytes.
 */
public enum NftField {
    INTEGER("integer", 4, 4),
    IPV4_ADDR("ipv4_addr", 7, 4),
    IPV6_ADDR("ipv6_addr", 8, 16),
    INET_PROTO("inet_proto", 12, 1),
    INET_SERVICE("inet_service", 13, 2),
    MARK("mark", 19, 4),
    IFNAME("ifname", 41, 16);

    private final String word;
    private final int number;
    private final int length;

    NftField(String word, int number, int length) {
        this.word = word;
        this.number = number;
        this.length = length;
    }

    /** nft's word for the type. */
    public String word() {
        return word;
    }

    /** nft's number of the type, as kept in NFTA_SET_KEY_TYPE (six bits each in a concatenation). */
    public int number() {
        return number;
    }

    /** Length in bytes without padding. */
    public int length() {
        return length;
    }

    /** Length in bytes in a concatenation or register. */
    public int paddedLength() {
        return length + 3 & ~3;
    }
}
