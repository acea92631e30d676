package fyr.agent;

import fyr.agent.observe.Metrics;
import fyr.dns.DnsException;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.ResolvConfForwarder;
import fyr.dns.forward.UpstreamForwarder;
import fyr.dns.message.DnsName;
import fyr.dns.server.DnsServer;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsView;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves cluster DNS with one server for each address, so that a server whose address stays is not disturbed when another address changes.
 * Used by the agent's loop.
 */
final class ClusterDns implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int PORT = 53;
    private static final int TTL = 5;
    private static final int REMEMBERED = 8 << 20; // bytes

    private final AgentOptions options;
    private final DnsMetrics counters;
    private final Zone zone;
    private final int port;
    private final Map<IpAddress, DnsServer> servers = new LinkedHashMap<>();
    private volatile Optional<List<IpAddress>> addresses = Optional.empty();
    private volatile Optional<DnsView> view = Optional.empty();
    private volatile Forwarder forwarder = Forwarder.none();
    private volatile Readiness readiness = new Readiness.Ready();

    /**
     * @param limited notified of each query that was not answered because its client had used up its share
     */
    ClusterDns(AgentOptions options, Metrics metrics, Consumer<InetAddress> limited) {
        this(options, metrics, limited, PORT);
    }

    ClusterDns(AgentOptions options, Metrics metrics, Consumer<InetAddress> limited, int port) {
        this.options = options;
        this.counters = new DnsMetrics(metrics, limited);
        this.port = port;
        this.zone = new Zone(
                DnsName.parse(options.dns().domain()),
                TTL,
                () -> addresses.orElse(List.of()),
                options.network().clusterCidrs());
    }

    /** Ready unless it should serve and cannot. */
    Readiness readiness() {
        return readiness;
    }

    /** Sets what names resolve to from now on. */
    void show(DnsView names) {
        view = Optional.of(names);
    }

    /**
     * Listens at exactly these addresses.
     *
     * @return whether it does; if not, call this again soon: an address may not be on a link yet, or another program may still use it
     */
    boolean serve(List<IpAddress> wanted) {
        Optional<String> problem =
                addresses.equals(Optional.of(wanted)) ? Optional.empty() : attempt(() -> move(wanted));
        if (problem.isEmpty()) {
            problem = wanted.stream()
                    .filter(address -> !servers.containsKey(address))
                    .flatMap(address -> attempt(() -> listen(address)).stream())
                    .reduce((first, second) -> first); // all are attempted
        }
        report(problem);
        return problem.isEmpty();
    }

    /** Logged once, because it is tried every few seconds. */
    private void report(Optional<String> problem) {
        Readiness now = problem.<Readiness>map(Readiness.NotReady::new).orElseGet(Readiness.Ready::new);
        if (!now.equals(readiness)) {
            problem.ifPresent(why -> LOG.log(Level.WARNING, why));
        }
        readiness = now;
    }

    private static Optional<String> attempt(Runnable work) {
        try {
            work.run();
            return Optional.empty();
        } catch (DnsException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void move(List<IpAddress> wanted) {
        if (wanted.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "cluster DNS is not served: neither --cluster-dns nor a Service kube-system/kube-dns says where");
        }
        List<IpAddress> unwanted = servers.keySet().stream()
                .filter(address -> !wanted.contains(address))
                .toList();
        unwanted.forEach(address -> Optional.ofNullable(servers.remove(address)).ifPresent(DnsServer::close));
        forwarder =
                forwarder(wanted.stream().map(address -> socket(address, port)).toList());
        addresses = Optional.of(wanted);
        // A new instance: the cached answers contain the previous addresses.
        view = view.map(same -> new DnsView(same.services(), same.namespaces(), same.pointers()));
    }

    private void listen(IpAddress address) {
        servers.put(
                address,
                DnsServer.start(
                        List.of(socket(address, port)),
                        zone,
                        () -> view,
                        Forwarder.current(() -> forwarder),
                        counters));
        LOG.log(Level.INFO, "cluster DNS at {0}", address);
    }

    private Forwarder forwarder(List<InetSocketAddress> own) {
        return options.dns().upstreams().isEmpty()
                ? new ResolvConfForwarder(
                        options.dns().resolvConf(), servers -> others(servers, own), InstantSource.system())
                : new UpstreamForwarder(options.dns().upstreams(), own, REMEMBERED, InstantSource.system());
    }

    /** If a node's resolv.conf names cluster DNS itself, the node has no other resolver in that file. */
    private static Forwarder others(List<IpAddress> servers, List<InetSocketAddress> own) {
        List<InetSocketAddress> upstreams = servers.stream()
                .map(address -> socket(address, PORT))
                .filter(upstream -> !own.contains(upstream))
                .toList();
        return upstreams.isEmpty()
                ? Forwarder.none()
                : new UpstreamForwarder(upstreams, own, REMEMBERED, InstantSource.system());
    }

    private static InetSocketAddress socket(IpAddress address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    @Override
    public void close() {
        servers.values().forEach(DnsServer::close);
        servers.clear();
    }
}
