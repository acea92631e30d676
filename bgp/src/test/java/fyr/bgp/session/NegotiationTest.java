package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.message.Capability;
import fyr.bgp.message.Capability.AddPath.Directions;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Notification;
import fyr.bgp.message.NotificationException;
import fyr.bgp.message.Open;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.Role;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Octets;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NegotiationTest {

    private static final Ipv4Address OTHER = Ipv4Address.parse("10.0.0.2");

    private static final Set<String> PAIRS = Set.of(
            "PROVIDER CUSTOMER",
            "CUSTOMER PROVIDER",
            "ROUTE_SERVER ROUTE_SERVER_CLIENT",
            "ROUTE_SERVER_CLIENT ROUTE_SERVER",
            "PEER PEER");

    private static Open peer(Capability... capabilities) {
        return Open.of(64501, 30, OTHER, List.of(capabilities));
    }

    private static void assertRefused(SessionSettings own, Open peer, Notification notification) {
        assertThatThrownBy(() -> Negotiation.negotiate(own, peer))
                .isInstanceOfSatisfying(
                        NotificationException.class,
                        e -> assertThat(e.notification()).isEqualTo(notification));
    }

    private static Notification refused(int subcode) {
        return Notification.of(ErrorCode.OPEN, subcode);
    }

    @Test
    void aPeerWithoutCapabilitiesHasIpv4AndShortNumbers() {
        Negotiated negotiated = Negotiation.negotiate(Peers.SMALL, new Open(64501, 0, OTHER, List.of()));
        assertThat(negotiated.families()).containsExactly(AddressFamily.IPV4);
        assertThat(negotiated.send().fourOctetAs()).isFalse();
        assertThat(negotiated.send().extendedMessages()).isFalse();
        assertThat(negotiated.send().extendedNextHop()).isFalse();
        assertThat(negotiated.refresh()).isFalse();
        assertThat(negotiated.holdTime()).isZero();
        assertThat(negotiated.keepalive()).isZero();
    }

    @Test
    void theSmallerHoldTimeCounts() {
        assertThat(Negotiation.negotiate(Peers.SMALL, peer()).holdTime()).isEqualTo(30);
        assertThat(Negotiation.negotiate(Peers.SMALL, peer()).keepalive()).isEqualTo(10);
        assertThat(Negotiation.negotiate(Peers.SMALL, Peers.OPEN_OF_LARGE).holdTime())
                .isEqualTo(90);
    }

    @Test
    void wrongPeersAreRefused() {
        assertRefused(Peers.SMALL, Open.of(64502, 90, OTHER, List.of()), refused(ErrorCode.BAD_PEER_AS));
        assertRefused(Peers.LARGE, peer(), refused(ErrorCode.BAD_PEER_AS));
        SessionSettings internal = SessionSettings.of(64501, new ExpectedAs.Internal(), OTHER);
        assertRefused(internal, peer(), refused(ErrorCode.BAD_IDENTIFIER));
        SessionSettings other = SessionSettings.of(64501, new ExpectedAs.Internal(), Peers.SMALL.identifier());
        assertThat(Negotiation.negotiate(other, peer()).kind()).isEqualTo(PeerKind.INTERNAL);
        assertRefused(
                Peers.SMALL,
                peer(new Capability.Multiprotocol(AddressFamily.of(25, 70))),
                new Notification(
                        ErrorCode.OPEN, ErrorCode.UNSUPPORTED_CAPABILITY, Octets.ofHex("0104 00010001 0104 00020001")));
    }

    @Test
    void fourOctetNumbersCount() {
        SessionSettings own = SessionSettings.of(1, new ExpectedAs.Exactly(65536), Peers.SMALL.identifier());
        Negotiated negotiated = Negotiation.negotiate(own, Open.of(65536, 90, OTHER, List.of()));
        assertThat(negotiated.receive().fourOctetAs()).isTrue();
    }

    /** RFC 9234 section 4.2. */
    @Test
    void roles() {
        for (Role own : Role.values()) {
            for (Role theirs : Role.values()) {
                SessionSettings settings = Peers.SMALL.withRole(own, false);
                Open open = peer(Capability.BgpRole.of(theirs));
                boolean pair = PAIRS.contains(own + " " + theirs);
                if (pair) {
                    assertThat(Negotiation.negotiate(settings, open).peerRole()).contains(theirs);
                } else {
                    assertRefused(settings, open, refused(ErrorCode.ROLE_MISMATCH));
                }
            }
        }
        SessionSettings lax = Peers.SMALL.withRole(Role.CUSTOMER, false);
        SessionSettings strict = Peers.SMALL.withRole(Role.CUSTOMER, true);
        assertThat(Negotiation.negotiate(lax, peer()).role()).contains(Role.CUSTOMER);
        assertRefused(strict, peer(), refused(ErrorCode.ROLE_MISMATCH));
        Capability.BgpRole provider = Capability.BgpRole.of(Role.PROVIDER);
        assertThat(Negotiation.negotiate(strict, peer(provider, provider)).peerRole())
                .contains(Role.PROVIDER);
        assertRefused(lax, peer(provider, Capability.BgpRole.of(Role.PEER)), refused(ErrorCode.ROLE_MISMATCH));
        assertRefused(lax, peer(new Capability.BgpRole(77)), refused(ErrorCode.ROLE_MISMATCH));
        assertThat(Negotiation.negotiate(Peers.SMALL, peer(provider)).peerRole())
                .isEmpty();
        assertThat(Negotiation.open(lax).has(Capability.BgpRole.class)).isTrue();
    }

    @Test
    void pathsNeedBothSides() {
        SessionSettings own = Sessions.random(Peers.SMALL, new Random(1));
        for (int seed = 0; own.receivePaths().size() != 1 || own.sendPaths().size() != 1; seed++) {
            own = Sessions.random(Peers.SMALL, new Random(seed));
        }
        AddressFamily family = AddressFamily.IPV4;
        Negotiated receive =
                Negotiation.negotiate(own, peer(new Capability.AddPath(List.of(new Directions(family, false, true)))));
        assertThat(receive.receive().addPath().contains(family))
                .isEqualTo(own.receivePaths().contains(family));
        assertThat(receive.send().addPath()).isEmpty();
    }

    /** RFC 9494 section 4.1. */
    @Test
    void longerTimesNeedTheShorterOnes() {
        SessionSettings own = Peers.SMALL
                .withRole(Role.PEER, false)
                .withGracefulRestart(Sessions.RESTART)
                .withLongLived(Sessions.LONG_LIVED);
        assertThat(Negotiation.negotiate(own, peer(Sessions.LONG_LIVED)).longLived())
                .isEmpty();
        assertThat(Negotiation.negotiate(own, peer(Sessions.RESTART, Sessions.LONG_LIVED))
                        .longLived())
                .isEqualTo(Optional.of(Sessions.LONG_LIVED));
        assertThat(Negotiation.negotiate(Peers.SMALL, peer(Sessions.RESTART)).gracefulRestart())
                .isEmpty();
    }
}
