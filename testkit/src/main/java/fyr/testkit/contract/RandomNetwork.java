package fyr.testkit.contract;

import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Random changes of links and of what is on them, right or wrong. The addresses of one link are in different subnets. */
public final class RandomNetwork {

    private RandomNetwork() {}

    /** A change of one of the tables. */
    public static RandomChange<?, ?> change(SplittableRandom random) {
        return switch (random.nextInt(11)) {
            case 0 -> RandomChange.of(random, 1, Tables.LINKS, RandomNetwork::link, RandomNetwork::tunnel);
            case 1, 2 ->
                RandomChange.of(random, 3, Tables.ADDRESSES, RandomNetwork::addressKey, RandomNetwork::address);
            case 3, 4 ->
                RandomChange.of(random, 4, Tables.NEIGHBOURS, RandomNetwork::neighbourKey, (r, _) -> neighbour(r));
            case 5 -> RandomChange.of(random, 4, Tables.FDB, RandomNetwork::fdbKey, (r, _) -> fdbEntry(r));
            case 6 ->
                RandomChange.of(random, 3, Tables.LOCAL_ROUTES, RandomNetwork::virtualKey, (_, _) -> new Route.Local());
            default -> RandomChange.of(random, 4, Tables.ROUTES, RandomNetwork::routeKey, RandomNetwork::route);
        };
    }

    private static String link(SplittableRandom random) {
        return "fyr-" + (char) ('a' + random.nextInt(3));
    }

    /** No two names have the same Ethernet address: the table would take the one tunnel for the other, renamed. */
    private static Link tunnel(SplittableRandom random, String name) {
        MacAddress mac = MacAddress.local(10 * name.charAt(4) + random.nextInt(2));
        IpAddress local = IpAddress.parse(random.nextBoolean() ? "192.0.2.1" : "2001:db8::1");
        return new Link.Vxlan(40 + random.nextInt(2), 8472, local, mac, 1400 + random.nextInt(2));
    }

    private static MacAddress mac(SplittableRandom random) {
        return MacAddress.local(1 + random.nextInt(2));
    }

    private static Family family(SplittableRandom random) {
        return random.nextBoolean() ? Family.IPV4 : Family.IPV6;
    }

    private static IpAddress ip(SplittableRandom random, Family family, int host) {
        int subnet = 1 + random.nextInt(3);
        return IpAddress.parse(
                switch (family) {
                    case IPV4 -> "10." + subnet + ".0." + host;
                    case IPV6 -> "fd00:" + subnet + "::" + host;
                });
    }

    private static AddressKey addressKey(SplittableRandom random) {
        return new AddressKey(link(random), ip(random, family(random), 1));
    }

    private static InterfaceAddress address(SplittableRandom random, AddressKey key) {
        int bits = key.address().family().bits();
        int length = random.nextInt(8) == 0 ? bits + 1 : random.nextBoolean() ? bits : bits == 32 ? 24 : 64;
        return new InterfaceAddress(length, random.nextInt(3) > 0);
    }

    private static NeighbourKey neighbourKey(SplittableRandom random) {
        return new NeighbourKey(link(random), ip(random, family(random), 9));
    }

    private static Neighbour neighbour(SplittableRandom random) {
        return new Neighbour(mac(random));
    }

    private static FdbKey fdbKey(SplittableRandom random) {
        return new FdbKey(link(random), mac(random));
    }

    private static FdbEntry fdbEntry(SplittableRandom random) {
        return new FdbEntry(ip(random, family(random), 7));
    }

    private static RouteKey routeKey(SplittableRandom random) {
        Family family = family(random);
        int length = random.nextInt(4) == 0 ? 16 : family == Family.IPV4 ? 24 : 64;
        return new RouteKey(Prefix.containing(ip(random, family, 0), length));
    }

    /** No gateway lies in it, because it would be an address of the node's own. */
    private static RouteKey virtualKey(SplittableRandom random) {
        String net = family(random) == Family.IPV4 ? "10.96.0." : "fd00:96::";
        return new RouteKey(Prefix.single(IpAddress.parse(net + (1 + random.nextInt(3)))));
    }

    private static Route route(SplittableRandom random, RouteKey key) {
        if (random.nextInt(4) == 0) {
            return new Route.Unreachable();
        }
        Family family = key.destination().family();
        boolean onlink = random.nextInt(3) > 0;
        int host = onlink && random.nextInt(6) == 0 ? 1 : 9;
        Optional<IpAddress> gateway = Optional.of(ip(random, random.nextInt(6) == 0 ? family(random) : family, host))
                .filter(_ -> random.nextBoolean());
        Optional<IpAddress> source = Optional.of(ip(random, family, 1)).filter(_ -> random.nextInt(3) == 0);
        OptionalInt mtu = random.nextInt(4) == 0 ? OptionalInt.of(1300) : OptionalInt.empty();
        return new Route.Unicast(link(random), gateway, onlink && gateway.isPresent(), source, mtu);
    }
}
