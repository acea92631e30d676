package fyr.bgp.bfd;

/** Something that happened. */
public sealed interface BfdEvent {

    /** A packet came that is for this session. */
    record Received(ControlPacket packet) implements BfdEvent {}

    /** The time of {@link BfdAction.Wake} has come. If it has not, nothing happens. */
    record Expired() implements BfdEvent {}

    /** The peer is to be watched like this from now on. */
    record Configured(BfdSettings settings) implements BfdEvent {}

    /** The session is to be off until it is enabled, and the peer to be told this diagnostic (RFC 5880 section 6.8.16). */
    record Disabled(Diagnostic diagnostic) implements BfdEvent {}

    /** The session is to be on again, if it is off. */
    record Enabled() implements BfdEvent {}
}
