package fyr.bgp.session;

import fyr.bgp.message.Message;
import java.time.Duration;

/** Something to be done, in the order of the list. */
public sealed interface SessionAction {

    /** Make a connection; {@link SessionEvent.Connected} or {@link SessionEvent.Closed} is to follow. */
    record Connect(Line line) implements SessionAction {}

    /** Close a connection, or stop making it, after what is to be sent has been handed to the kernel. Nothing more needs to be reported of it. */
    record Close(Line line) implements SessionAction {}

    /** Send a message: OPEN, KEEPALIVE or NOTIFICATION, which every option leaves alike. */
    record Send(Line line, Message message) implements SessionAction {}

    /** Report {@link SessionEvent.Expired} after this time, in place of an earlier one. */
    record Arm(SessionTimer timer, Duration after) implements SessionAction {}

    /** Do not report it. */
    record Disarm(SessionTimer timer) implements SessionAction {}

    /** The session is established. What is read and written on this connection from now on follows what was negotiated. */
    record Up(Line line, Negotiated negotiated) implements SessionAction {}

    /** The session that was established is over. */
    record Down(DownReason reason) implements SessionAction {}

    /** A connection ended before the session was established. */
    record Failed(DownReason reason) implements SessionAction {}

    /** Apply an UPDATE, an end of RIB or a ROUTE-REFRESH in the established session. */
    record Deliver(Message message) implements SessionAction {}
}
