package fyr.bgp.session;

import fyr.bgp.message.Capability;
import fyr.bgp.message.Capability.AddPath.Directions;
import fyr.bgp.message.Capability.ExtendedNextHop.Encoding;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Notification;
import fyr.bgp.message.NotificationException;
import fyr.bgp.message.Open;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.Role;
import fyr.bgp.message.WireOptions;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is said in an OPEN, and what follows from that of the peer. */
public final class Negotiation {

    private static final int AFI_IPV6 = 2;

    private Negotiation() {}

    /** The own OPEN. */
    public static Open open(SessionSettings own) {
        List<Capability> all = new ArrayList<>();
        TreeSet<AddressFamily> families = new TreeSet<>(own.families());
        families.forEach(family -> all.add(new Capability.Multiprotocol(family)));
        all.add(new Capability.Refresh());
        all.add(new Capability.EnhancedRefresh());
        if (own.extendedNextHop() && families.contains(AddressFamily.IPV4)) {
            all.add(new Capability.ExtendedNextHop(List.of(new Encoding(AddressFamily.IPV4, AFI_IPV6))));
        }
        if (own.extendedMessages()) {
            all.add(new Capability.ExtendedMessage());
        }
        List<Directions> paths = families.stream()
                .map(each -> new Directions(
                        each, own.receivePaths().contains(each), own.sendPaths().contains(each)))
                .filter(each -> each.receive() || each.send())
                .toList();
        if (!paths.isEmpty()) {
            all.add(new Capability.AddPath(paths));
        }
        own.role().filter(_ -> mayBeExternal(own)).ifPresent(role -> all.add(Capability.BgpRole.of(role)));
        own.gracefulRestart().ifPresent(all::add);
        own.longLived().ifPresent(all::add);
        return Open.of(own.localAs(), own.holdTime(), own.identifier(), all);
    }

    /** RFC 9234 section 4.1: internal peers are not told a role. */
    private static boolean mayBeExternal(SessionSettings own) {
        return !own.expectedAs().permits(own.localAs(), own.localAs());
    }

    /**
     * What both have agreed on.
     *
     * @throws NotificationException if the peer is not the one that is expected, or there is nothing to agree on
     */
    public static Negotiated negotiate(SessionSettings own, Open peer) {
        long as = peer.as();
        if (!own.expectedAs().permits(as, own.localAs())) {
            throw refused(ErrorCode.BAD_PEER_AS, Octets.EMPTY, "AS " + as);
        }
        PeerKind kind = as == own.localAs() ? PeerKind.INTERNAL : PeerKind.EXTERNAL;
        if (kind == PeerKind.INTERNAL && peer.identifier().equals(own.identifier())) {
            throw refused(ErrorCode.BAD_IDENTIFIER, Octets.EMPTY, "the identifier of the peer is ours");
        }
        Set<AddressFamily> families = families(own, peer);
        Optional<Role> peerRole = role(own, peer, kind);
        return new Negotiated(
                peer,
                kind,
                Math.min(own.holdTime(), peer.holdTime()),
                families,
                options(own, peer, families, true),
                options(own, peer, families, false),
                peer.has(Capability.Refresh.class),
                peer.has(Capability.EnhancedRefresh.class),
                kind == PeerKind.EXTERNAL ? own.role() : Optional.empty(),
                peerRole,
                own.gracefulRestart().flatMap(_ -> peer.find(Capability.GracefulRestart.class)),
                own.longLived().flatMap(_ -> longLived(own, peer)));
    }

    /** RFC 9494 section 4.1: without the capability of RFC 4724, the one for longer times is ignored. */
    private static Optional<Capability.LongLivedGracefulRestart> longLived(SessionSettings own, Open peer) {
        return own.gracefulRestart().isPresent() && peer.has(Capability.GracefulRestart.class)
                ? peer.find(Capability.LongLivedGracefulRestart.class)
                : Optional.empty();
    }

    /** A peer that says nothing of families has IPv4 unicast (RFC 4760 section 8). */
    private static Set<AddressFamily> families(SessionSettings own, Open peer) {
        Set<AddressFamily> theirs = peer.all(Capability.Multiprotocol.class).stream()
                .map(Capability.Multiprotocol::family)
                .collect(Collectors.toSet());
        Set<AddressFamily> both = new TreeSet<>(theirs.isEmpty() ? Set.of(AddressFamily.IPV4) : theirs);
        both.retainAll(own.families());
        if (both.isEmpty()) {
            throw refused(ErrorCode.UNSUPPORTED_CAPABILITY, missing(own), "no family in common");
        }
        return both;
    }

    /** RFC 5492 section 5: the capabilities that the peer would have needed, as they are in an OPEN. */
    private static Octets missing(SessionSettings own) {
        return Octets.ofHex(new TreeSet<>(own.families())
                .stream()
                        .map(family -> "0104%04x00%02x".formatted(family.afi(), family.safi()))
                        .collect(Collectors.joining()));
    }

    private static WireOptions options(SessionSettings own, Open peer, Set<AddressFamily> families, boolean receiving) {
        Set<AddressFamily> ours = receiving ? own.receivePaths() : own.sendPaths();
        Set<AddressFamily> paths = peer.find(Capability.AddPath.class).map(Capability.AddPath::families).stream()
                .flatMap(List::stream)
                .filter(each -> receiving ? each.send() : each.receive())
                .map(Directions::family)
                .filter(family -> families.contains(family) && ours.contains(family))
                .collect(Collectors.toSet());
        return new WireOptions(
                peer.has(Capability.FourOctetAs.class),
                own.extendedMessages() && peer.has(Capability.ExtendedMessage.class),
                own.extendedNextHop() && (receiving || extendedNextHop(peer)),
                families,
                paths);
    }

    /** RFC 8950 section 4: it is for the receiver to say. */
    private static boolean extendedNextHop(Open peer) {
        return peer.all(Capability.ExtendedNextHop.class).stream()
                .flatMap(each -> each.encodings().stream())
                .anyMatch(each -> each.family().equals(AddressFamily.IPV4) && each.nextHopAfi() == AFI_IPV6);
    }

    /** RFC 9234 section 4.2. */
    private static Optional<Role> role(SessionSettings own, Open peer, PeerKind kind) {
        if (kind == PeerKind.INTERNAL || own.role().isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> told = peer.all(Capability.BgpRole.class).stream()
                .map(Capability.BgpRole::value)
                .collect(Collectors.toSet());
        if (told.isEmpty() && !own.strictRole()) {
            return Optional.empty();
        }
        Role expected = own.role().get().counterpart();
        if (!told.equals(Set.of(expected.ordinal()))) {
            throw refused(ErrorCode.ROLE_MISMATCH, Octets.EMPTY, "roles " + told + ", expected " + expected);
        }
        return Optional.of(expected);
    }

    private static NotificationException refused(int subcode, Octets data, String reason) {
        return new NotificationException(new Notification(ErrorCode.OPEN, subcode, data), reason);
    }
}
