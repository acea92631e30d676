package fyr.bgp.bfd;

import fyr.bgp.path.PeerAddress;

/** Is told of sessions, on the BFD thread: it must return soon, and throw nothing. Of peers that are watched anew nothing is told before they are up. */
public interface BfdListener {

    /** Packets reach the peer and come back. */
    void up(PeerAddress peer);

    /** The peer, which was up, cannot be reached any more. */
    void down(PeerAddress peer, Diagnostic diagnostic);

    /** The peer, which was up, has turned BFD off: it may be reachable or not (RFC 5882 section 3.2). */
    void suspended(PeerAddress peer, Diagnostic diagnostic);
}
