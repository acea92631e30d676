package fyr.agent.announce;

import fyr.agent.announce.Agreement.Outgoing;
import fyr.kernel.KernelException;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.Links;
import fyr.kernel.linux.packet.NeighbourResponder;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.balancer.AddressPool;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Answers for load balancer addresses on the link that carries the node's InternalIP, as long as most voters of an address have granted it to
 * this node. It exchanges datagrams with the agents of other nodes at port {@value #PORT}. A datagram counts only if it comes from the
 * InternalIP of a Node and from that port, which the agent of that node has bound for itself.
 */
public final class Announcer implements AutoCloseable {

    /** The port at which agents send each other claims and grants. */
    public static final int PORT = 9097;

    private static final System.Logger LOG = System.getLogger("fyr.announce");
    private static final long LOOK_AT_LINKS = Duration.ofSeconds(2).toNanos();

    private final String self;
    private final Links links;
    private final Supplier<Optional<PersistentMap<String, AddressPool>>> pools;
    private final BooleanSupplier ready;
    private final Agreement agreement;
    private final BalancedServices services = new BalancedServices();
    private final Announcements announcements = new Announcements();
    private final Thread thread = Thread.ofPlatform().daemon().name("announce").unstarted(this::run);
    private volatile boolean stopping;
    private volatile Optional<ClusterSnapshot> snapshot = Optional.empty();
    private volatile boolean changed;
    private volatile Peers peers = new Peers(Map.of(), Map.of());
    private volatile Optional<Attachment> attachment = Optional.empty();
    private volatile Set<IpAddress> held = Set.of();
    private boolean wasReady;
    private long lookAt;
    private String failure = "";

    /** The other nodes' names and addresses. */
    private record Peers(Map<IpAddress, String> names, Map<String, IpAddress> addresses) {}

    /** The link that is answered on, and the socket at this node's address. */
    private record Attachment(HostLink link, IpAddress own, NeighbourResponder responder, DatagramChannel channel) {}

    private Announcer(
            String self,
            Links links,
            Supplier<Optional<PersistentMap<String, AddressPool>>> pools,
            BooleanSupplier ready) {
        this.self = self;
        this.links = links;
        this.pools = pools;
        this.ready = ready;
        this.agreement = new Agreement(self, new SecureRandom().nextLong(), System.nanoTime());
    }

    /**
     * Starts in the calling thread's network namespace. It answers nothing before it has agreed with others.
     *
     * @param pools all pools; empty until they are known
     * @param ready whether this node serves what arrives at a load balancer address; once it does, it goes on
     */
    public static Announcer start(
            String self,
            Links links,
            Supplier<Optional<PersistentMap<String, AddressPool>>> pools,
            BooleanSupplier ready) {
        Announcer announcer = new Announcer(self, links, pools, ready);
        announcer.lookAt = System.nanoTime();
        announcer.thread.start();
        return announcer;
    }

    /** Takes a new state of the cluster over; on any thread. */
    public void snapshot(ClusterSnapshot next) {
        snapshot = Optional.of(next);
        changed = true;
    }

    /** Says that pools have changed; on any thread. */
    public void changed() {
        changed = true;
    }

    /** The addresses that this node answers for; on any thread. */
    public Set<IpAddress> held() {
        return held;
    }

    private void run() {
        long next = System.nanoTime();
        boolean stale = true;
        while (!stopping) {
            try {
                beat(stale);
                stale = false;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "load balancer addresses are not announced", e);
                stale = true;
            }
            next = Math.max(next + Timing.BEAT, System.nanoTime() - Timing.BEAT);
            for (long left = next - System.nanoTime(); left > 0 && !stopping; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
                progress();
            }
        }
    }

    /** One round; all parts of it are retried with the next one. */
    private void beat(boolean stale) {
        boolean isNews = stale || changed;
        changed = false;
        if (System.nanoTime() - lookAt >= 0) {
            lookAt = System.nanoTime() + LOOK_AT_LINKS;
            isNews |= attach();
        }
        if (!wasReady && ready.getAsBoolean()) {
            wasReady = true;
            isNews = true;
        }
        Optional<ClusterSnapshot> cluster = snapshot;
        if (cluster.isPresent()) {
            boolean different = services.follow(cluster.get());
            if (different || isNews) {
                follow(cluster.get());
            }
        }
        attachment.ifPresent(here -> agreement.beat(System.nanoTime()).forEach(out -> send(here, out)));
        progress();
    }

    private void follow(ClusterSnapshot cluster) {
        Map<IpAddress, String> names = new HashMap<>();
        Map<String, IpAddress> addresses = new HashMap<>();
        attachment.ifPresent(here -> cluster.nodes()
                .sorted()
                .forEach((name, node) -> node.address(here.own().family())
                        .filter(address -> !name.equals(self))
                        .ifPresent(address -> {
                            // Two Nodes may claim one address; none of them is believed then.
                            String other = names.put(address, name);
                            addresses.put(name, address);
                            if (other != null) {
                                names.put(address, "");
                            }
                        })));
        names.values().removeIf(String::isEmpty);
        peers = new Peers(Map.copyOf(names), Map.copyOf(addresses));
        Collection<AddressPool> offered =
                pools.get().map(all -> all.sorted().values()).orElse(List.of());
        List<Prefix> subnets = attachment.map(here -> here.link().subnets()).orElse(List.of());
        Duties duties = Duties.of(self, cluster, services.all(), offered, subnets);
        agreement.follow(wasReady ? duties : new Duties(duties.known(), Map.of()));
    }

    /** Finds the link with this node's InternalIP; whether it is another one than before. */
    private boolean attach() {
        Optional<Node> node = snapshot.flatMap(now -> now.nodes().get(self));
        Optional<IpAddress> own = node.flatMap(one -> one.addresses().stream().findFirst());
        Optional<HostLink> link = own.flatMap(links::withAddress);
        boolean same = attachment
                .filter(here -> link.equals(Optional.of(here.link()))
                        && own.equals(Optional.of(here.own()))
                        && here.responder().isCurrent())
                .isPresent();
        if (same || link.isEmpty() && attachment.isEmpty()) {
            return false;
        }
        detach();
        if (link.isPresent() && own.isPresent()) {
            open(link.get(), own.get());
        }
        return true;
    }

    private void open(HostLink link, IpAddress own) {
        try {
            DatagramChannel channel = DatagramChannel.open().bind(socket(own));
            try {
                NeighbourResponder responder =
                        NeighbourResponder.start(link.name(), address -> agreement.holds(address, System.nanoTime()));
                Attachment here = new Attachment(link, own, responder, channel);
                attachment = Optional.of(here);
                Thread.ofPlatform().daemon().name("announce-receive").start(() -> receive(here));
                LOG.log(Level.INFO, "announces load balancer addresses on {0}", link.name());
                failure = "";
            } catch (KernelException refused) {
                channel.close();
                failed(link, String.valueOf(refused.getMessage()));
            }
        } catch (IOException refused) {
            failed(link, "port " + PORT + " at " + own + ": " + refused.getMessage());
        }
    }

    private void failed(HostLink link, String why) {
        if (!failure.equals(why)) {
            failure = why;
            LOG.log(Level.WARNING, "load balancer addresses are not announced on {0}: {1}", link.name(), why);
        }
    }

    private void detach() {
        attachment.ifPresent(here -> {
            attachment = Optional.empty();
            close(here);
        });
    }

    private static void close(Attachment here) {
        here.responder().close();
        try {
            here.channel().close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "while closing: {0}", e.getMessage());
        }
    }

    private static InetSocketAddress socket(IpAddress address) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), PORT);
    }

    private void send(Attachment here, Outgoing out) {
        Optional.ofNullable(peers.addresses().get(out.to())).ifPresent(address -> send(here, address, out.message()));
    }

    /** What the network does not take is as good as lost. */
    private static void send(Attachment here, IpAddress to, Heartbeat message) {
        try {
            here.channel().send(ByteBuffer.wrap(message.bytes()), socket(to));
        } catch (IOException lost) {
            LOG.log(Level.TRACE, "to {0}: {1}", to, lost.getMessage());
        }
    }

    private void receive(Attachment here) {
        ByteBuffer buffer = ByteBuffer.allocate(2_048);
        while (here.channel().isOpen()) {
            try {
                buffer.clear();
                if (here.channel().receive(buffer) instanceof InetSocketAddress from && from.getPort() == PORT) {
                    byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
                    take(here, IpAddress.of(from.getAddress().getAddress()), bytes);
                }
            } catch (IOException closed) {
                LOG.log(Level.TRACE, "while receiving: {0}", closed.getMessage());
                LockSupport.parkNanos(Timing.BEAT / 10); // an ICMP error of an earlier datagram, or the end
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a datagram of another agent was not understood", e);
            }
        }
    }

    private void take(Attachment here, IpAddress from, byte[] bytes) {
        String name = peers.names().get(from);
        if (name == null) {
            return;
        }
        Heartbeat.read(bytes).ifPresent(message -> {
            agreement.receive(name, message, System.nanoTime()).ifPresent(answer -> send(here, from, answer));
            if (message instanceof Heartbeat.Grants) {
                LockSupport.unpark(thread); // an address may be ours now
            }
        });
    }

    /** Tells the link what has moved here, and listens for questions about it. */
    private void progress() {
        long now = System.nanoTime();
        Set<IpAddress> current = agreement.held(now);
        if (!current.equals(held)) {
            log(held, current);
            attachment.ifPresent(here -> here.responder().follow(current));
            held = Set.copyOf(current);
        }
        List<IpAddress> due = announcements.due(current, now);
        attachment.ifPresent(here -> due.stream()
                .filter(address -> agreement.holds(address, System.nanoTime()))
                .forEach(here.responder()::announce));
    }

    private static void log(Set<IpAddress> before, Set<IpAddress> after) {
        Set<IpAddress> gained = new HashSet<>(after);
        gained.removeAll(before);
        Set<IpAddress> lost = new HashSet<>(before);
        lost.removeAll(after);
        LOG.log(
                Level.INFO,
                "announces {0} addresses; new: {1}, given up: {2}",
                Integer.toString(after.size()),
                some(gained),
                some(lost));
    }

    private static String some(Set<IpAddress> addresses) {
        List<String> first =
                addresses.stream().sorted().limit(5).map(IpAddress::toString).toList();
        return addresses.isEmpty()
                ? "none"
                : String.join(", ", first) + (addresses.size() > 5 ? " and " + (addresses.size() - 5) + " more" : "");
    }

    /** Stops answering at once; the others take over as soon as the grants have expired. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        detach();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
