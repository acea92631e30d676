package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;

import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.linux.netlink.GoldenMessage;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Compares the bytes of one message of each kind. Link 5 is {@code fyr-vxlan4}. */
final class RouteGoldenTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:02");

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    @Test
    void link() {
        Link.Vxlan link = new Link.Vxlan(42, 8472, ip("192.0.2.1"), MAC, 1450);
        GoldenMessage.check(
                "link-add-vxlan",
                "ip link add fyr-vxlan4 mtu 1450 address 02:00:00:00:00:02 type vxlan id 42 local 192.0.2.1 dstport 8472 nolearning",
                LinkTable.creation("fyr-vxlan4", link).toBytes());
    }

    @Test
    void address() {
        AddressKey key = new AddressKey("fyr-vxlan4", ip("fd00::1"));
        GoldenMessage.check(
                "address-add",
                "ip addr add fd00::1/128 dev fyr-vxlan4 nodad",
                AddressTable.addition(key, new InterfaceAddress(128), 5)
                        .message()
                        .toBytes());
    }

    @Test
    void route() {
        Route.Unicast route = new Route.Unicast(
                "fyr-vxlan4", Optional.of(ip("10.244.2.0")), true, Optional.of(ip("10.244.1.0")), OptionalInt.of(1400));
        GoldenMessage.check(
                "route-add",
                "ip route add 10.244.2.0/24 via 10.244.2.0 dev fyr-vxlan4 onlink src 10.244.1.0 mtu 1400 proto 171",
                RouteMessage.unicast(
                                Rtnetlink.RTM_NEWROUTE,
                                NLM_F_CREATE | NLM_F_EXCL,
                                Prefix.parse("10.244.2.0/24"),
                                Route.PROTOCOL,
                                route,
                                5)
                        .toBytes());
        GoldenMessage.check(
                "route-unreachable",
                "ip route add unreachable fd00:10:244:1::/64 proto 171",
                RouteMessage.unreachable(
                                Rtnetlink.RTM_NEWROUTE,
                                NLM_F_CREATE | NLM_F_EXCL,
                                Prefix.parse("fd00:10:244:1::/64"),
                                Route.PROTOCOL)
                        .toBytes());
    }

    @Test
    void neighbour() {
        GoldenMessage.check(
                "neighbour-replace",
                "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:02 dev fyr-vxlan4 nud permanent",
                NeighbourTable.addition(new NeighbourKey("fyr-vxlan4", ip("10.244.2.0")), MAC, 5)
                        .message()
                        .toBytes());
    }

    @Test
    void forwardingEntry() {
        GoldenMessage.check(
                "fdb-replace",
                "bridge fdb replace 02:00:00:00:00:02 dev fyr-vxlan4 dst 192.0.2.2 self permanent",
                FdbTable.addition(new FdbKey("fyr-vxlan4", MAC), new FdbEntry(ip("192.0.2.2")), 5)
                        .message()
                        .toBytes());
    }
}
