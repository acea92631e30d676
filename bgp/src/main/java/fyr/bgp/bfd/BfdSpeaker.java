package fyr.bgp.bfd;

import fyr.bgp.path.Links;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.path.SocketAddresses;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches peers. All methods may be called on any thread; except for {@link #start} and {@link #close} they return at once, and what they ask for
 * happens on the BFD thread, in the order of the calls.
 */
public final class BfdSpeaker implements AutoCloseable {

    /** RFC 5881 section 4. */
    static final int PORT = 3784;

    /** RFC 5881 section 5. */
    static final int HOPS = 255;

    /** Datagrams that are read of one socket before timers have their turn. */
    private static final int AT_ONCE = 256;

    /** A packet has 24 bytes; its length is one byte. */
    private static final int LONGEST = 256;

    private final BfdOptions options;
    private final Links links;
    private final BfdListener listener;
    private final Consumer<String> log;
    private final Selector selector;
    private final Thread thread;
    private final SecureRandom random = new SecureRandom();
    private final long started = System.nanoTime();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final TreeMap<PeerAddress, BfdPeer> peers = new TreeMap<>();
    private final Map<Integer, BfdPeer> byDiscriminator = new HashMap<>();
    private final Map<Discard, Long> discarded = new EnumMap<>(Discard.class);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(LONGEST);
    private final News news = new News();
    private boolean closing;

    /**
     * A speaker that watches nobody yet.
     *
     * @param addresses where packets are received, none of them link-local; everywhere if there is none
     * @param log is told, in one line each, of packets that cannot be sent
     * @throws IOException if the port is taken, or the kernel lacks something
     */
    public static BfdSpeaker start(
            List<IpAddress> addresses, BfdOptions options, Links links, BfdListener listener, Consumer<String> log)
            throws IOException {
        BfdSpeaker speaker = new BfdSpeaker(options, links, listener, log);
        try {
            TargetSockets.open(addresses, options, speaker.selector);
        } catch (IOException | RuntimeException refused) {
            speaker.selector.close();
            throw refused;
        }
        speaker.thread.start();
        return speaker;
    }

    private BfdSpeaker(BfdOptions options, Links links, BfdListener listener, Consumer<String> log) throws IOException {
        this.options = options;
        this.links = links;
        this.listener = listener;
        this.log = log;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name("fyr-bfd").unstarted(this::run);
    }

    /**
     * Watches a peer from now on, or watches it in this way.
     *
     * @param local the own address, if it is not left to the routing table
     * @throws IllegalArgumentException if the own address is link-local and that of the peer is not
     */
    public void watch(PeerAddress peer, Optional<IpAddress> local, BfdSettings settings) {
        Optional<PeerAddress> own = local.map(address -> SocketAddresses.beside(address, peer));
        submit(() -> {
            BfdPeer known = peers.get(peer);
            if (known != null && known.socket().local().equals(own)) {
                known.stay(settings, now());
                return;
            }
            if (known != null) {
                remove(known);
            }
            add(peer, own, settings);
        });
    }

    /** Does not watch a peer any more, and tells it so. Nothing more is reported of it. */
    public void forget(PeerAddress peer) {
        submit(() -> {
            BfdPeer known = peers.get(peer);
            if (known != null && !known.isLeaving() && !known.leave(now())) {
                remove(known);
            }
        });
    }

    /** The peers that are watched, in order. */
    public CompletableFuture<List<BfdStatus>> peers() {
        return ask(() -> peers.values().stream()
                .filter(peer -> !peer.isLeaving())
                .map(BfdPeer::status)
                .toList());
    }

    /** How many datagrams were discarded, by reason. */
    public CompletableFuture<Map<Discard, Long>> discarded() {
        return ask(() -> Map.copyOf(discarded));
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        submit(() -> answer.complete(question.get()));
        return answer;
    }

    private void submit(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closing) {
                turn();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken); // the selector itself: nothing can go on
        } finally {
            peers.values().forEach(BfdSpeaker::quietly);
            selector.keys().forEach(key -> quietly(key.channel()));
            quietly(selector);
        }
    }

    private static void quietly(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception gone) {
            // It is closed in any case.
        }
    }

    /** Packets come before timers: after a pause of the process, those that waited show that the peer was there. */
    private void turn() throws IOException {
        long wait = Math.ceilDiv(next() - now(), 1000);
        if (wait <= 0) {
            selector.selectNow(this::receive);
        } else {
            selector.select(this::receive, wait);
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        expire();
    }

    private long next() {
        long next = now() + 60_000_000;
        for (BfdPeer peer : peers.values()) {
            next = Math.min(next, peer.wake());
        }
        return next;
    }

    private void expire() {
        long now = now();
        @Nullable BfdPeer gone = null;
        for (BfdPeer peer : peers.values()) {
            if (peer.isGone(now)) {
                gone = peer;
            } else if (peer.wake() <= now) {
                peer.on(new BfdEvent.Expired(), now);
            }
        }
        if (gone != null) {
            remove(gone); // others have their turn next time
        }
    }

    private void receive(SelectionKey key) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                SocketAddress sender = channel.receive(incoming.clear());
                if (sender == null) {
                    return;
                }
                received(PacketFormat.read(incoming.flip()), (InetSocketAddress) sender);
            }
        } catch (IOException failed) {
            log.accept("BFD cannot receive: " + failed.getMessage());
        }
    }

    private void received(Reading reading, InetSocketAddress sender) {
        switch (reading) {
            case Discard why -> discarded.merge(why, 1L, Long::sum);
            case ControlPacket packet -> {
                Optional<BfdPeer> peer = find(packet, sender);
                if (peer.isPresent()) {
                    peer.get().on(new BfdEvent.Received(packet), now());
                } else {
                    discarded.merge(Discard.NO_SESSION, 1L, Long::sum);
                }
            }
        }
    }

    /** RFC 5880 section 6.8.6: by our discriminator alone, if the packet has it. */
    private Optional<BfdPeer> find(ControlPacket packet, InetSocketAddress sender) {
        if (packet.yourDiscriminator() != 0) {
            return Optional.ofNullable(byDiscriminator.get(packet.yourDiscriminator()));
        }
        try {
            return Optional.ofNullable(peers.get(SocketAddresses.peer(sender, links)));
        } catch (IllegalArgumentException linkGone) {
            return Optional.empty();
        }
    }

    private void add(PeerAddress address, Optional<PeerAddress> local, BfdSettings settings) {
        SourceSocket socket = new SourceSocket(address, local, options, links, random);
        BfdState state = BfdState.initial(freeDiscriminator(), settings, random.nextLong(), now());
        BfdPeer peer = new BfdPeer(address, socket, state, news);
        peers.put(address, peer);
        byDiscriminator.put(peer.discriminator(), peer);
        peer.on(new BfdEvent.Expired(), now());
    }

    /** At random, so that nobody who does not see the packets can send one for a session (RFC 5880 section 6.8.1). */
    private int freeDiscriminator() {
        int candidate;
        do {
            candidate = random.nextInt();
        } while (candidate == 0 || byDiscriminator.containsKey(candidate));
        return candidate;
    }

    private void remove(BfdPeer peer) {
        peers.remove(peer.address());
        byDiscriminator.remove(peer.discriminator());
        quietly(peer);
    }

    private long now() {
        return (System.nanoTime() - started) / 1000;
    }

    /** Ends all sessions, and tells peers once that this is no failure. Returns when the sockets are closed. */
    @Override
    public void close() {
        submit(() -> {
            long now = now();
            peers.values().forEach(peer -> peer.leave(now));
            closing = true;
        });
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

    /** What peers share. */
    private final class News implements BfdPeer.BfdNews {

        private final ByteBuffer packet = ByteBuffer.allocateDirect(PacketFormat.BYTES);

        @Override
        public BfdListener listener() {
            return listener;
        }

        @Override
        public ByteBuffer packet() {
            return packet;
        }

        @Override
        public void log(String line) {
            log.accept(line);
        }
    }
}
