package fyr.bgp.session;

import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;

/** Something that happened. What is no longer expected, such as news of a closed connection, is ignored. */
public sealed interface SessionEvent {

    /** The session is wanted; it is tried at once, also if it was waiting after failures. */
    record Start() implements SessionEvent {}

    /** The session is not wanted any more; the peer is told this, usually a Cease. */
    record Stop(Notification notification) implements SessionEvent {}

    /** The connection that was asked for is there. */
    record Connected(Line line) implements SessionEvent {}

    /** The peer has made a connection. */
    record Accepted(Line line) implements SessionEvent {}

    /** The connection could not be made, or was closed by the peer or by an error. */
    record Closed(Line line) implements SessionEvent {}

    /** The peer sent a message. Each is to be reported before the next one is read, because it may change how that is read. */
    record Received(Line line, Message message) implements SessionEvent {}

    /** The peer sent something that is no acceptable message; the notification says what, and {@code why} exactly what. */
    record Malformed(Line line, Notification notification, String why) implements SessionEvent {}

    /** The peer took something that was sent. Needs to be reported once in a few seconds at most. */
    record Progress(Line line) implements SessionEvent {}

    /** A timer ran out. One that was disarmed or armed anew in the meantime is ignored. */
    record Expired(SessionTimer timer) implements SessionEvent {}

    /** BFD says that the peer cannot be reached (RFC 5882 section 10.1). */
    record BfdDown() implements SessionEvent {}
}
