package fyr.agent;

import fyr.agent.observe.Metrics;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.server.DnsServer;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.name.DnsService;
import fyr.model.name.DnsView;
import fyr.model.persistent.PersistentMap;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cluster DNS alone in a process, with the agent's counters, so that its processor time is its own: at a port of 127.0.0.1 until its input ends. */
final class BenchmarkServer {

    private BenchmarkServer() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        Zone zone = Zone.standard(List.of(IpAddress.parse("10.96.0.10")), List.of(Prefix.parse("10.96.0.0/12")));
        Optional<DnsView> view = Optional.of(view());
        try (DnsServer server = DnsServer.start(
                List.of(address), zone, () -> view, Forwarder.none(), new DnsMetrics(new Metrics(), _ -> {}))) {
            System.out.println("serving " + server.addresses());
            System.in.readAllBytes();
        }
    }

    private static DnsView view() {
        Map<NamespacedName, DnsService> services = Map.of(
                name("web"), new DnsService.Virtual(addresses("10.96.0.7", "fd00:96::7"), List.of()),
                name("plain"), new DnsService.Virtual(addresses("10.96.0.8"), List.of()),
                name("db"),
                        new DnsService.Headless(IntStream.range(0, 200)
                                .mapToObj(i -> new DnsService.Host(
                                        "db-" + i,
                                        addresses("10.244.1." + i),
                                        List.of(new DnsService.DnsPort("http", Protocol.TCP, 80))))
                                .toList()));
        return new DnsView(
                PersistentMap.of(services), PersistentMap.of(Map.of("shop", true)), PersistentMap.of(Map.of()));
    }

    private static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }

    private static NamespacedName name(String service) {
        return new NamespacedName("shop", service);
    }
}
