package fyr.bgp.session;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;
import fyr.bgp.message.Open;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.Update;

/** The numbers of the kinds of messages (RFC 4271 section 4.1, RFC 2918 section 3). */
final class MessageType {

    private MessageType() {}

    static int of(Message message) {
        return switch (message) {
            case Open _ -> 1;
            case Update _, EndOfRib _ -> 2;
            case Notification _ -> 3;
            case Keepalive _ -> 4;
            case RouteRefresh _ -> 5;
        };
    }
}
