package fyr.dns.server;

import fyr.dns.answer.Zone;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.name.DnsService;
import fyr.model.name.DnsView;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The cluster that the tests of this package ask about. */
final class Shop {

    static final Zone ZONE = Zone.standard(
            addresses("10.96.0.10", "fd00:96::10"),
            List.of(Prefix.parse("10.96.0.0/12"), Prefix.parse("10.244.0.0/16"), Prefix.parse("fd00:96::/108")));

    private static final DnsService.DnsPort HTTP = new DnsService.DnsPort("http", Protocol.TCP, 80);
    private static final DnsService.DnsPort METRICS = new DnsService.DnsPort("metrics", Protocol.TCP, 9090);
    private static final DnsService.DnsPort DNS = new DnsService.DnsPort("dns", Protocol.UDP, 53);

    private Shop() {}

    static DnsView view() {
        Map<NamespacedName, DnsService> services = Map.of(
                name("web"), new DnsService.Virtual(addresses("10.96.0.7", "fd00:96::7"), List.of(HTTP, METRICS, DNS)),
                name("plain"), new DnsService.Virtual(addresses("10.96.0.8"), List.of()),
                name("db"), headless(200),
                name("pair"),
                        new DnsService.Headless(List.of(new DnsService.Host(
                                "zero", addresses("10.244.3.1", "fd00:244::31"), List.of(HTTP, METRICS)))),
                name("none"), new DnsService.Headless(List.of()),
                name("alias"), new DnsService.External("web.shop.svc.cluster.local"),
                name("loop"), new DnsService.External("loop.shop.svc.cluster.local"),
                name("away"), new DnsService.External("example.com"));
        Map<IpAddress, List<String>> pointers = Map.of(
                IpAddress.parse("10.96.0.7"), List.of("web.shop.svc"),
                IpAddress.parse("fd00:96::7"), List.of("web.shop.svc"),
                IpAddress.parse("10.244.3.1"), List.of("zero.pair.shop.svc"),
                IpAddress.parse("fd00:244::31"), List.of("zero.pair.shop.svc"));
        return new DnsView(
                PersistentMap.of(services), PersistentMap.of(Map.of("shop", true)), PersistentMap.of(pointers));
    }

    /** Hosts {@code db-0}, {@code db-1} and so on, with IPv4 addresses. */
    static DnsService.Headless headless(int hosts) {
        return new DnsService.Headless(IntStream.range(0, hosts)
                .mapToObj(i -> new DnsService.Host(
                        "db-" + i, List.of(IpAddress.parse("10.244.1.0").plus(i)), List.of(HTTP)))
                .toList());
    }

    static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }

    private static NamespacedName name(String service) {
        return new NamespacedName("shop", service);
    }
}
