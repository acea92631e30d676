package fyr.bgp.session;

/** Times that pass. Each is armed at most once at a time; arming it again replaces the earlier time. */
public enum SessionTimer {
    /** Until the next attempt to connect. */
    CONNECT_RETRY,
    /** Until anything is tried again after a failure. */
    IDLE_HOLD,
    /** How long the peer may be silent on the connection that we made. */
    OUTGOING_HOLD,
    /** How long the peer may be silent on the connection that it made. */
    INCOMING_HOLD,
    /** Until the next KEEPALIVE on the connection that we made. */
    OUTGOING_KEEPALIVE,
    /** Until the next KEEPALIVE on the connection that it made. */
    INCOMING_KEEPALIVE,
    /** How long nothing may be sent in an established session because the peer takes nothing (RFC 9687). */
    SEND_HOLD;

    static SessionTimer hold(Line line) {
        return line.side() == Line.Side.OUTGOING ? OUTGOING_HOLD : INCOMING_HOLD;
    }

    static SessionTimer keepalive(Line line) {
        return line.side() == Line.Side.OUTGOING ? OUTGOING_KEEPALIVE : INCOMING_KEEPALIVE;
    }
}
