package fyr.bgp.interop;

import fyr.bgp.message.Capability;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.rib.Local;
import fyr.bgp.session.ExpectedAs;
import fyr.bgp.session.Phase;
import fyr.bgp.session.SessionSettings;
import fyr.bgp.speaker.LearnedRoute;
import fyr.bgp.speaker.LearnedRoutes;
import fyr.bgp.speaker.PeerSettings;
import fyr.bgp.speaker.PeerStatus;
import fyr.bgp.speaker.Speaker;
import fyr.bgp.speaker.SpeakerSettings;
import fyr.bgp.speaker.TcpOptions;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The speaker under test, as host 1 of a {@link Lan}. */
final class Fyr implements AutoCloseable {

    private static final SessionSettings.Pace QUICK =
            new SessionSettings.Pace(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(2));

    private static final TcpOptions NO_OPTIONS = new TcpOptions() {
        @Override
        public void sign(NetworkChannel channel, Prefix peer, String password) throws IOException {
            throw new IOException("no signatures here");
        }

        @Override
        public void hops(NetworkChannel channel, int sent, int least) throws IOException {
            throw new IOException("no hop limits here");
        }
    };

    private final long as;
    private final TreeMap<PeerAddress, PeerSettings> peers = new TreeMap<>();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private Duration deferral = Duration.ZERO;
    private volatile LearnedRoutes learned = LearnedRoutes.NONE;
    private Optional<Speaker> speaker = Optional.empty();

    Fyr(long as) {
        this.as = as;
    }

    /** What this node says about its own destinations. */
    static PathAttributes own() {
        return PathAttributes.of(Origin.IGP, AsPath.of()).build();
    }

    /** Knows a peer, or knows it anew: with the usual settings, changed. */
    Fyr peer(
            PeerAddress address,
            long peerAs,
            UnaryOperator<SessionSettings> session,
            UnaryOperator<PeerSettings> peer) {
        SessionSettings usual = SessionSettings.of(as, new ExpectedAs.Exactly(peerAs), Lan.OWN_V4)
                .withHoldTime(9)
                .withPace(QUICK);
        Map<Family, NextHop> self = address.address().family() == Family.IPV4
                ? Map.of(Family.IPV6, NextHop.of((IpAddress) Lan.OWN_V6))
                : Map.of();
        peers.put(
                address,
                peer.apply(PeerSettings.of(address.toString(), session.apply(usual))
                        .withSelf(self)));
        return this;
    }

    Fyr peer(Lan.Host host, long peerAs, UnaryOperator<SessionSettings> session) {
        return peer(PeerAddress.of(host.v4()), peerAs, session, UnaryOperator.identity());
    }

    Fyr peer(Lan.Host host, long peerAs) {
        return peer(host, peerAs, UnaryOperator.identity());
    }

    /** Both families, kept for so many seconds. */
    static UnaryOperator<SessionSettings> graceful(boolean restarting, int seconds) {
        return session -> session.withGracefulRestart(new Capability.GracefulRestart(
                restarting,
                true,
                seconds,
                List.of(
                        new Capability.GracefulRestart.Preserved(AddressFamily.IPV4, restarting),
                        new Capability.GracefulRestart.Preserved(AddressFamily.IPV6, restarting))));
    }

    /** How long the choice of routes waits for peers after the next start. */
    Fyr deferral(Duration now) {
        deferral = now;
        return this;
    }

    Fyr start() throws IOException {
        learned = LearnedRoutes.NONE;
        Local local = new Local(as, Lan.OWN_V4, Lan.OWN_V4, Set.of(Lan.OWN_V4, Lan.OWN_V6, Lan.OWN_LINK_LOCAL));
        SpeakerSettings settings = new SpeakerSettings(local, 4, Optional.of(179), peers, new TreeMap<>(), deferral);
        speaker = Optional.of(
                Speaker.start(settings, NO_OPTIONS, new SystemLinks(), routes -> learned = routes, log::add));
        return this;
    }

    Speaker speaker() {
        return speaker.orElseThrow();
    }

    void announce(String... prefixes) {
        announce(own(), prefixes);
    }

    void announce(PathAttributes attributes, String... prefixes) {
        PersistentMap<Prefix, PathAttributes> all = PersistentMap.empty();
        for (String prefix : prefixes) {
            all = all.with(Prefix.parse(prefix), attributes);
        }
        speaker().announce(all);
    }

    Set<String> destinations() {
        Set<String> all = new TreeSet<>();
        learned.routes().forEach((prefix, _) -> all.add(prefix.toString()));
        return all;
    }

    LearnedRoute route(String prefix) {
        return learned.routes()
                .get(Prefix.parse(prefix))
                .orElseThrow(() -> new AssertionError(prefix + " is not among " + destinations()));
    }

    PeerStatus status(PeerAddress address) {
        return speaker().peers().join().stream()
                .filter(peer -> peer.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    PeerStatus status(Lan.Host host) {
        return status(PeerAddress.of(host.v4()));
    }

    boolean isUp(Lan.Host host) {
        return status(host).phase() == Phase.ESTABLISHED;
    }

    List<String> log() {
        return List.copyOf(log);
    }

    /** Ends as a process that is killed. */
    void kill() {
        speaker.ifPresent(Speaker::close);
        speaker = Optional.empty();
    }

    void stop(String communication) {
        speaker().close(communication);
        speaker = Optional.empty();
    }

    @Override
    public void close() {
        kill();
    }
}
