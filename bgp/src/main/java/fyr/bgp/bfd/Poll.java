package fyr.bgp.bfd;

/** How far the peer has heard of the own timers (RFC 5880 section 6.5). */
public enum Poll {
    /** The peer knows them. */
    NONE,
    /** Packets ask for an answer. */
    POLLING,
    /**
     * An answer came. Another one may still come for the same question, so the next question waits for a packet that is no answer (RFC 5880 section
     * 6.8.3).
     */
    SETTLING
}
