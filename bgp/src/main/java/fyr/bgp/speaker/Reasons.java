package fyr.bgp.speaker;

import fyr.bgp.session.DownReason;
import java.util.Optional;

/** Why a connection ended, in words. */
final class Reasons {

    private Reasons() {}

    /** A reason; if it says nothing itself, with what was noticed before. */
    static String text(DownReason reason, Optional<String> noticed) {
        return switch (reason) {
            case DownReason.Stopped(var notification) -> "stopped: " + notification;
            case DownReason.Sent(var notification, var why) ->
                "ended by this node: " + notification + (why.isEmpty() ? "" : " (" + why + ")");
            case DownReason.Received(var notification) -> "ended by the peer: " + notification;
            case DownReason.Lost _ -> noticed.orElse("connection lost");
            case DownReason.SendHold _ -> "the peer has not read for too long";
            case DownReason.Restarted _ -> "the peer has restarted";
        };
    }
}
