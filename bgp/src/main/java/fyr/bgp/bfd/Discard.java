package fyr.bgp.bfd;

/** Why a datagram is not taken for a packet of a session, in the order in which it is looked at (RFC 5880 section 6.8.6). */
public enum Discard implements Reading {
    /** Fewer bytes than the fixed part has. */
    TRUNCATED,
    /** Another version than 1. */
    VERSION,
    /** The length is less than the fixed part, or the one with authentication, has. */
    LENGTH_TOO_SMALL,
    /** The length is more than there are bytes. */
    LENGTH_TOO_LARGE,
    /** The detection multiplier is zero. */
    DETECT_MULT,
    /** The multipoint bit is set. */
    MULTIPOINT,
    /** The sender's discriminator is zero. */
    MY_DISCRIMINATOR,
    /** Our discriminator is not in a packet that must have it: its state is neither Down nor AdminDown. */
    YOUR_DISCRIMINATOR,
    /** It is authenticated, and no session has authentication. */
    AUTHENTICATED,
    /** There is no session of this discriminator or, if that is zero, with this address. */
    NO_SESSION
}
