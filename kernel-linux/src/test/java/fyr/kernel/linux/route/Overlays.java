package fyr.kernel.linux.route;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.link.Link;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A socket and two VXLAN links, one for each family, for tests of tables. */
final class Overlays implements AutoCloseable {
    static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:02");
    static final Link.Vxlan VXLAN4 = new Link.Vxlan(42, 8472, ip("192.0.2.1"), MAC, 1450);
    static final Link.Vxlan VXLAN6 = new Link.Vxlan(43, 8472, ip("2001:db8::1"), MAC, 1430);

    private final NetworkNamespace namespace = NetworkNamespace.current();
    final NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
    final LinkTable links = new LinkTable(socket, namespace);

    Overlays() {
        put(links, Map.of("fyr-vxlan4", VXLAN4, "fyr-vxlan6", VXLAN6));
    }

    @Override
    public void close() {
        remove(links, links.list().keySet());
        socket.close();
        namespace.close();
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    static <K extends Comparable<? super K>, V> void put(KernelTable<K, V> table, Map<K, V> entries) {
        table.apply(new Delta<>(new TreeMap<>(entries), new TreeSet<>()));
    }

    static <K extends Comparable<? super K>, V> void remove(KernelTable<K, V> table, Set<K> keys) {
        table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(keys)));
    }

    static RouteKey to(String prefix) {
        return new RouteKey(Prefix.parse(prefix));
    }

    static Route by(String link, String gateway) {
        return new Route.Unicast(link, Optional.of(ip(gateway)), true, Optional.empty(), OptionalInt.empty());
    }
}
