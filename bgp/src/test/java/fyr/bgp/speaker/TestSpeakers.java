package fyr.bgp.speaker;

import fyr.bgp.path.AsPath;
import fyr.bgp.path.Links;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.rib.Local;
import fyr.bgp.session.ExpectedAs;
import fyr.bgp.session.SessionSettings;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Speakers on addresses of the loopback link, each with a port of its own. */
final class TestSpeakers implements AutoCloseable {

    private static final long PATIENCE = 20_000_000_000L;

    private final List<Node> nodes = new ArrayList<>();

    /** One speaker and what it has told. */
    final class Node implements AutoCloseable {
        final long as;
        final Ipv4Address address;
        final int port;
        final TreeMap<PeerAddress, PeerSettings> peers = new TreeMap<>();
        final TreeMap<Prefix, PeerSettings> ranges = new TreeMap<>();
        final List<String> log = Collections.synchronizedList(new ArrayList<>());
        Duration deferral = Duration.ZERO;
        volatile LearnedRoutes learned = LearnedRoutes.NONE;
        private Optional<Speaker> speaker = Optional.empty();

        private Node(long as, int host) throws IOException {
            this.as = as;
            this.address = Ipv4Address.parse("127.0.2." + host);
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                this.port = free.getLocalPort();
            }
            nodes.add(this);
        }

        /** Makes another node a peer, with the usual settings changed. */
        void peer(Node other, UnaryOperator<SessionSettings> session, UnaryOperator<PeerSettings> changed) {
            peers.put(PeerAddress.of(other.address), changed.apply(usual(other, session)));
        }

        void peer(Node other) {
            peer(other, UnaryOperator.identity(), UnaryOperator.identity());
        }

        PeerSettings usual(Node other, UnaryOperator<SessionSettings> session) {
            SessionSettings held = session.apply(SessionSettings.of(as, new ExpectedAs.Exactly(other.as), address));
            IpAddress self = IpAddress.parse("fd00::" + address.toString().substring(8));
            return PeerSettings.of("to " + other.address, held)
                    .withPort(other.port)
                    .withSelf(Map.of(Family.IPV6, NextHop.of(self)))
                    .withLocalAddress(address);
        }

        SpeakerSettings settings() {
            return new SpeakerSettings(
                    new Local(as, address, address, Set.of(address)), 4, Optional.of(port), peers, ranges, deferral);
        }

        Speaker start() throws IOException {
            Speaker started = Speaker.start(settings(), NO_OPTIONS, NO_LINKS, routes -> learned = routes, log::add);
            speaker = Optional.of(started);
            return started;
        }

        void announce(PathAttributes attributes, String... prefixes) {
            PersistentMap<Prefix, PathAttributes> all = PersistentMap.empty();
            for (String prefix : prefixes) {
                all = all.with(Prefix.parse(prefix), attributes);
            }
            speaker.orElseThrow().announce(all);
        }

        Set<String> destinations() {
            Set<String> all = new java.util.TreeSet<>();
            learned.routes().forEach((prefix, _) -> all.add(prefix.toString()));
            return all;
        }

        PeerStatus status(Node other) {
            return speaker.orElseThrow().peers().join().stream()
                    .filter(peer -> peer.address().address().equals(other.address))
                    .findFirst()
                    .orElseThrow();
        }

        /** As a process that is killed. */
        void kill() {
            speaker.ifPresent(Speaker::close);
            speaker = Optional.empty();
        }

        @Override
        public void close() {
            kill();
        }
    }

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

    private static final Links NO_LINKS = new Links() {
        @Override
        public OptionalInt index(String name) {
            return OptionalInt.empty();
        }

        @Override
        public Optional<String> name(int index) {
            return Optional.empty();
        }
    };

    /** What a node says about its own destinations. */
    static PathAttributes own() {
        return PathAttributes.of(Origin.IGP, AsPath.of()).build();
    }

    /** A node at 127.0.2.HOST that is not started yet. */
    Node node(long as, int host) throws IOException {
        return new Node(as, host);
    }

    /** Waits until something holds. */
    static <T> T eventually(Supplier<T> value, Predicate<T> holds) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        T now = value.get();
        while (!holds.test(now)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after 20 s it was still " + now);
            }
            Thread.sleep(10);
            now = value.get();
        }
        return now;
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
