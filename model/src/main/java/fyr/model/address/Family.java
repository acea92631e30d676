package fyr.model.address;

/** The two families of the Internet Protocol. */
public enum Family {
    IPV4(32),
    IPV6(128);

    private final int bits;

    Family(int bits) {
        this.bits = bits;
    }

    /** Length of an address of this family in bits. */
    public int bits() {
        return bits;
    }

    /** Length of an address of this family in bytes. */
    public int bytes() {
        return bits / 8;
    }
}
