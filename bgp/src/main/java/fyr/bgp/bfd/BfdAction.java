package fyr.bgp.bfd;

/** Something to be done, in the order of the list. */
public sealed interface BfdAction {

    /** Send a packet to the peer. */
    record Send(ControlPacket packet) implements BfdAction {}

    /**
     * Report {@link BfdEvent.Expired} at this time, in place of an earlier or later one.
     *
     * @param at microseconds of the clock that is passed in
     */
    record Wake(long at) implements BfdAction {}

    /** The peer can be reached. */
    record Up() implements BfdAction {}

    /** The peer cannot be reached any more. */
    record Down(Diagnostic diagnostic) implements BfdAction {}

    /** One side has turned the session off that was up: that is no failure of the path (RFC 5882 section 3.2). */
    record Suspended(Diagnostic diagnostic) implements BfdAction {}
}
