package fyr.bgp.speaker;

import fyr.bgp.message.Capability;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.session.DownReason;
import fyr.bgp.session.Negotiated;
import fyr.model.address.Family;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long the routes of a peer whose session ended are kept (RFC 4724 section 4.2, RFC 8538, RFC 9494).
 *
 * @param families whose routes are kept
 * @param seconds for the peer to come back
 * @param longer how many more seconds they are kept as a last choice, by family
 */
record Retention(Set<Family> families, int seconds, Map<Family, Integer> longer) {

    /** Nothing is kept. */
    static final Retention NONE = new Retention(Set.of(), 0, Map.of());

    Retention {
        families = Set.copyOf(families);
        longer = Map.copyOf(longer);
    }

    static Retention after(DownReason reason, Negotiated negotiated) {
        return negotiated
                .gracefulRestart()
                .filter(restart -> survives(reason, restart.notifications()))
                .map(restart -> of(restart, negotiated))
                .orElse(NONE);
    }

    private static Retention of(Capability.GracefulRestart restart, Negotiated negotiated) {
        Set<Family> families = restart.families().stream()
                .map(Capability.GracefulRestart.Preserved::family)
                .filter(negotiated.families()::contains)
                .map(family -> family.addresses())
                .collect(Collectors.toSet());
        Map<Family, Integer> longer = new EnumMap<>(Family.class);
        negotiated
                .longLived()
                .ifPresent(longLived -> longLived.families().stream()
                        .filter(each -> negotiated.families().contains(each.family()) && each.seconds() > 0)
                        .forEach(each -> longer.put(each.family().addresses(), each.seconds())));
        return new Retention(families, restart.seconds(), longer);
    }

    /** A session that ends with a NOTIFICATION is over for good, unless both sides agreed otherwise (RFC 8538 section 2). */
    private static boolean survives(DownReason reason, boolean notifications) {
        return switch (reason) {
            case DownReason.Lost _, DownReason.Restarted _, DownReason.SendHold _ -> true;
            case DownReason.Sent sent -> notifications && !isHard(sent.notification());
            case DownReason.Received(var notification) -> notifications && !isHard(notification);
            case DownReason.Stopped _ -> false;
        };
    }

    private static boolean isHard(fyr.bgp.message.Notification notification) {
        return notification.code() == ErrorCode.CEASE && notification.subcode() == ErrorCode.HARD_RESET;
    }
}
