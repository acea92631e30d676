package fyr.bgp.path;

/** How a path came into BGP (RFC 4271 section 5.1.1), in the order of preference; the ordinal is the value on the wire. */
public enum Origin {
    IGP,
    EGP,
    INCOMPLETE
}
