package fyr.bgp.bfd;

/** The states of a session (RFC 5880 section 6.2), in the order of their codes on the wire. */
public enum BfdPhase {
    /** It is turned off; says nothing about the path. */
    ADMIN_DOWN,
    /** The peer is not heard, or does not hear us. */
    DOWN,
    /** The peer is heard. */
    INIT,
    /** Both sides hear each other. */
    UP;

    static BfdPhase of(int code) {
        return values()[code & 3];
    }

    int code() {
        return ordinal();
    }
}
