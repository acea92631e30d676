package fyr.agent;

import fyr.compiler.NodePlan;
import fyr.dns.DnsException;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.ResolvConf;
import fyr.dns.forward.UpstreamForwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.dns.server.DnsCounters;
import fyr.dns.server.DnsServer;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsView;
import fyr.observe.Metrics;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Serves cluster DNS at the addresses of the plan. Started and replaced on the agent's loop, after the addresses are on a link. */
final class ClusterDns implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int PORT = 53;
    private static final int TTL = 5;
    private static final int REMEMBERED = 8 << 20; // bytes

    private final AgentOptions options;
    private final Metrics metrics;
    private Optional<DnsServer> server = Optional.empty();
    private List<IpAddress> addresses = List.of();
    private volatile Optional<DnsView> view = Optional.empty();
    private volatile Readiness readiness = new Readiness.Ready();

    ClusterDns(AgentOptions options, Metrics metrics) {
        this.options = options;
        this.metrics = metrics;
    }

    /** Ready unless it should serve and cannot. */
    Readiness readiness() {
        return readiness;
    }

    void follow(NodePlan plan) {
        view = Optional.of(plan.names());
        List<IpAddress> wanted = plan.parts().identity().dnsAddresses();
        if (!wanted.equals(addresses) || readiness instanceof Readiness.NotReady) {
            close();
            serve(wanted);
        }
    }

    private void serve(List<IpAddress> wanted) {
        addresses = wanted;
        if (wanted.isEmpty()) {
            LOG.log(Level.WARNING, "no address for cluster DNS: neither --cluster-dns nor a Service kube-system/kube-dns");
            return;
        }
        List<InetSocketAddress> sockets = wanted.stream().map(address -> socket(address, PORT)).toList();
        Zone zone = new Zone(DnsName.parse(options.clusterDomain()), TTL, wanted, options.clusterCidrs());
        try {
            server = Optional.of(DnsServer.start(sockets, zone, () -> view, forwarder(sockets), counters()));
            readiness = new Readiness.Ready();
            LOG.log(Level.INFO, "cluster DNS at {0}", wanted);
        } catch (DnsException e) {
            readiness = new Readiness.NotReady(String.valueOf(e.getMessage()));
            LOG.log(Level.WARNING, e.getMessage());
        }
    }

    private Forwarder forwarder(List<InetSocketAddress> own) {
        List<InetSocketAddress> upstreams = options.upstreams().isEmpty() ? fromResolvConf(own) : options.upstreams();
        return upstreams.isEmpty() ? Forwarder.none() : new UpstreamForwarder(upstreams, own, REMEMBERED, InstantSource.system());
    }

    private List<InetSocketAddress> fromResolvConf(List<InetSocketAddress> own) {
        try {
            ResolvConf conf = ResolvConf.read(options.resolvConf());
            conf.problems().forEach(problem -> LOG.log(Level.WARNING, options.resolvConf() + ": " + problem));
            return conf.nameservers().stream()
                    .map(address -> socket(address, PORT))
                    .filter(upstream -> !own.contains(upstream))
                    .toList();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "names outside the cluster are not resolved: cannot read {0}: {1}", options.resolvConf(), e.getMessage());
            return List.of();
        }
    }

    private DnsCounters counters() {
        return new DnsCounters() {
            @Override
            public void answered(RecordType type, ResponseCode code, Source source) {
                metrics.dnsQuery(source.name().toLowerCase(Locale.ROOT), type.hasMnemonic() ? type.toString() : "other", code.toString());
            }

            @Override
            public void dropped() {
                metrics.dnsQuery("dropped", "", "");
            }
        };
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
        server.ifPresent(DnsServer::close);
        server = Optional.empty();
    }
}
