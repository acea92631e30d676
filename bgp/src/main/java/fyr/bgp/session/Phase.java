package fyr.bgp.session;

/** The states of RFC 4271 section 8.2.2, in order. */
public enum Phase {
    IDLE,
    CONNECT,
    ACTIVE,
    OPEN_SENT,
    OPEN_CONFIRM,
    ESTABLISHED
}
