package fyr.bgp.speaker;

import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Notification;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Links;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.rib.Rib;
import fyr.bgp.rib.Source;
import fyr.bgp.session.Line;
import fyr.bgp.session.SessionEvent;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A BGP speaker. All methods may be called on any thread and return at once; what they ask for happens on the speaker's own thread, in the order
 * of the calls.
 */
public final class Speaker implements AutoCloseable {

    /** Destinations that are chosen before sockets have their turn. */
    private static final int AT_ONCE = 8192;

    /** What is read of one connection before others have their turn, and written at once. */
    private static final int BUFFER = 256 * 1024;

    private final Optional<Integer> port;
    private final Consumer<LearnedRoutes> listener;
    private final Links links;
    private final Consumer<String> log;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers();
    private final Loop loop = new Loop();
    private final Sockets sockets;
    private final TreeMap<PeerAddress, Peer> peers = new TreeMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(BUFFER);
    private final long started = System.nanoTime();
    private final long seed;

    private SpeakerSettings settings;
    private Rib rib;
    private final Learning learning;
    private PersistentMap<Prefix, PathAttributes> announced = PersistentMap.empty();
    private final Map<Integer, Peer> byNumber = new HashMap<>();
    private int numbers = 1;
    private boolean selecting;
    private boolean closing;

    /**
     * A speaker that begins with these settings.
     *
     * @param listener is told on the speaker's thread what was learned, after each change
     * @param log is told of sessions that come up and end, in one line each
     * @throws IOException if the port is taken
     */
    public static Speaker start(
            SpeakerSettings settings,
            TcpOptions options,
            Links links,
            Consumer<LearnedRoutes> listener,
            Consumer<String> log)
            throws IOException {
        Speaker speaker = new Speaker(settings, options, links, listener, log);
        speaker.begin();
        return speaker;
    }

    private Speaker(
            SpeakerSettings settings,
            TcpOptions options,
            Links links,
            Consumer<LearnedRoutes> listener,
            Consumer<String> log)
            throws IOException {
        this.settings = settings;
        this.port = settings.port();
        this.links = links;
        this.listener = listener;
        this.log = log;
        this.sockets = new Sockets(options, links, timers, loop::now, this::expected, log);
        this.learning = new Learning(number -> Optional.ofNullable(byNumber.get(number))
                .flatMap(peer -> peer.address().link()));
        this.rib = new Rib(settings.local(), settings.mostPaths(), learning);
        this.seed = System.nanoTime() ^ settings.local().routerId().bits();
        this.thread = Thread.ofPlatform().daemon().name("fyr-bgp").unstarted(this::run);
    }

    private void begin() throws IOException {
        if (settings.port().isPresent()) {
            sockets.listen(settings);
        }
        selecting = settings.deferral().isZero();
        timers.arm("deferral", loop.now() + settings.deferral().toMillis(), () -> selecting = true);
        settings.peers().forEach((address, peer) -> add(address, peer));
        thread.start();
    }

    private void run() {
        try {
            while (!closing || !timers.isEmpty()) {
                turn();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken); // the selector itself: nothing can go on
        } finally {
            sockets.close();
        }
    }

    private void turn() throws IOException {
        boolean busy = !tasks.isEmpty() || selecting && !rib.isSettled() || anythingToTell();
        long wait = timers.next().map(at -> Math.max(1, at - loop.now())).orElse(60_000L);
        if (busy) {
            sockets.look();
        } else {
            sockets.await(wait);
        }
        timers.run(loop.now());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        choose();
        tell();
    }

    private void choose() {
        if (!selecting) {
            selecting = !peers.isEmpty() && peers.values().stream().allMatch(Peer::isHeard);
        }
        if (selecting) {
            rib.settle(AT_ONCE);
            if (rib.isSettled()) {
                learning.publish(listener);
            }
        }
    }

    private boolean anythingToTell() {
        return selecting && peers.values().stream().anyMatch(Peer::isReady);
    }

    private void tell() {
        if (selecting) {
            for (Peer peer : List.copyOf(peers.values())) {
                if (peer.isReady()) {
                    peer.tell(scratch.clear());
                }
            }
        }
    }

    /** The peer at an address; a dynamic one begins to exist when it is heard of. */
    private Optional<Peer> expected(PeerAddress from) {
        return Optional.ofNullable(peers.get(from))
                .or(() -> settings.of(from).filter(_ -> !closing).map(dynamic -> add(from, dynamic)));
    }

    private Peer add(PeerAddress address, PeerSettings peerSettings) {
        Peer peer = new Peer(loop, address, numbers++, peerSettings, seed + numbers);
        peers.put(address, peer);
        byNumber.put(peer.number(), peer);
        peer.on(new SessionEvent.Start());
        return peer;
    }

    private void remove(Peer peer, int subcode) {
        peer.on(new SessionEvent.Stop(Notification.of(ErrorCode.CEASE, subcode)));
        peer.forget();
        peers.remove(peer.address());
        byNumber.remove(peer.number());
    }

    /**
     * Follows other settings. Peers whose settings are the same keep their sessions; of the others, sessions begin anew, and those of all peers
     * do if this node itself changed.
     *
     * @throws IllegalArgumentException if the port is another one, or there was none: only a new speaker can listen there
     */
    public void configure(SpeakerSettings now) {
        if (!now.port().equals(port)) {
            throw new IllegalArgumentException("a speaker keeps its port " + port + ", not " + now.port());
        }
        submit(() -> {
            if (!now.local().equals(settings.local()) || now.mostPaths() != settings.mostPaths()) {
                List.copyOf(peers.values()).forEach(peer -> remove(peer, ErrorCode.CONFIGURATION_CHANGE));
                learning.clear();
                rib = new Rib(now.local(), now.mostPaths(), learning);
                PersistentMap<Prefix, PathAttributes> all = announced;
                announced = PersistentMap.empty();
                settings = now;
                follow(all);
            }
            settings = now;
            for (Peer peer : List.copyOf(peers.values())) {
                Optional<PeerSettings> wanted = now.of(peer.address());
                if (!wanted.equals(Optional.of(peer.settings()))) {
                    remove(peer, wanted.isPresent() ? ErrorCode.CONFIGURATION_CHANGE : ErrorCode.PEER_DECONFIGURED);
                }
            }
            now.peers().forEach((address, peer) -> {
                if (!peers.containsKey(address)) {
                    add(address, peer);
                }
            });
            sockets.follow(now);
        });
    }

    /** Announces these destinations and no others. A path without a next hop leads to this node. */
    public void announce(PersistentMap<Prefix, PathAttributes> all) {
        submit(() -> follow(all));
    }

    private void follow(PersistentMap<Prefix, PathAttributes> all) {
        Source own = own();
        Map<PathAttributes, Map<Family, PathPrefixes.Builder>> added = new HashMap<>();
        all.differences(announced, (prefix, _, after) -> {
            AddressFamily family = AddressFamily.of(prefix.family());
            if (after == null) {
                rib.withdraw(own, PathPrefixes.of(family, List.of(PathPrefix.of(prefix))));
            } else {
                added.computeIfAbsent(after, _ -> new HashMap<>())
                        .computeIfAbsent(prefix.family(), _ -> new PathPrefixes.Builder(family, 1))
                        .add(PathPrefix.of(prefix));
            }
        });
        added.forEach((attributes, families) ->
                families.values().forEach(prefixes -> rib.announce(own, attributes, prefixes.build())));
        announced = all;
    }

    private Source own() {
        return new Source(
                0,
                Source.Kind.LOCAL,
                settings.local().as(),
                settings.local().routerId(),
                settings.local().routerId());
    }

    /** BFD says that a peer cannot be reached any more. */
    public void unreachable(PeerAddress address) {
        submit(() -> Optional.ofNullable(peers.get(address)).ifPresent(peer -> peer.on(new SessionEvent.BfdDown())));
    }

    /** All peers as they are. */
    public CompletableFuture<List<PeerStatus>> peers() {
        return ask(_ -> peers.values().stream().map(Peer::status).toList());
    }

    /** Computes something from all routes, on the speaker's thread: it must be quick. */
    public <T> CompletableFuture<T> ask(Function<Rib, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        submit(() -> {
            try {
                answer.complete(question.apply(rib));
            } catch (RuntimeException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer;
    }

    private void submit(Runnable task) {
        tasks.add(task);
        sockets.wakeup();
    }

    /** Ends all sessions and tells peers why; returns when they know or a second has passed. */
    public void close(String communication) {
        submit(() -> {
            closing = true;
            Notification farewell = Notification.cease(ErrorCode.ADMINISTRATIVE_SHUTDOWN, communication);
            List.copyOf(peers.values()).forEach(peer -> {
                peer.on(new SessionEvent.Stop(farewell));
                peer.forget();
            });
            peers.clear();
            timers.keep(key -> key instanceof Connection);
        });
        join();
    }

    /** Ends without a word, as a process that is killed does: peers that support it keep the routes for a while (RFC 4724). */
    @Override
    public void close() {
        submit(() -> {
            closing = true;
            sockets.closeChannels();
            peers.values().forEach(Peer::forget);
            peers.clear();
            timers.keep(_ -> false);
        });
        join();
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread owns the sockets until it has ended
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What peers need. */
    private final class Loop implements SpeakerLoop {

        @Override
        public long now() {
            return (System.nanoTime() - started) / 1_000_000;
        }

        @Override
        public Timers timers() {
            return timers;
        }

        @Override
        public Rib rib() {
            return rib;
        }

        @Override
        public Links links() {
            return links;
        }

        @Override
        public Connection connect(Peer peer, Line line) throws IOException {
            return sockets.connect(peer, line);
        }

        @Override
        public void ending(Connection connection) {
            sockets.ending(connection);
        }

        @Override
        public void isDown(Peer peer) {
            boolean dynamic = !settings.peers().containsKey(peer.address());
            if (dynamic && !closing) {
                submit(() -> {
                    if (peers.get(peer.address()) == peer && peer.isIdle()) {
                        remove(peer, ErrorCode.PEER_DECONFIGURED);
                    }
                });
            }
        }

        @Override
        public void log(String line) {
            log.accept(line);
        }
    }
}
