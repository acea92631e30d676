package fyr.bgp.message;

/** Whether a peer is of another autonomous system or of the same. */
public enum PeerKind {
    EXTERNAL,
    INTERNAL
}
