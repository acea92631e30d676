package fyr.bgp.session;

import fyr.bgp.message.Notification;

/** Why a connection with the peer ended. */
public sealed interface DownReason {

    /** The session is not wanted any more. */
    record Stopped(Notification notification) implements DownReason {}

    /** We ended it with this; {@code why} says more in words, and is empty if there is nothing more to say. */
    record Sent(Notification notification, String why) implements DownReason {
        Sent(Notification notification) {
            this(notification, "");
        }
    }

    /** The peer ended it with this. */
    record Received(Notification notification) implements DownReason {}

    /** The connection was closed without a word. */
    record Lost() implements DownReason {}

    /** The peer took nothing for too long; it could not be told (RFC 9687). */
    record SendHold() implements DownReason {}

    /** The peer has made a new connection, so it has restarted (RFC 4724 section 4.2). */
    record Restarted() implements DownReason {}
}
