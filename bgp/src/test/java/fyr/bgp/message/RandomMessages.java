package fyr.bgp.message;

import fyr.bgp.message.Capability.AddPath.Directions;
import fyr.bgp.message.Capability.ExtendedNextHop.Encoding;
import fyr.bgp.message.Capability.GracefulRestart.Preserved;
import fyr.bgp.message.Capability.LongLivedGracefulRestart.LongLived;
import fyr.bgp.message.Update.Announcement;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Aggregator;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.AsSegment;
import fyr.bgp.path.AttributeCode;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Octets;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.bgp.path.UnknownAttribute;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Any message that can be written and read with certain options. */
final class RandomMessages {

    private final Random random;
    private final WireOptions options;
    private final PeerKind kind;

    RandomMessages(Random random, WireOptions options, PeerKind kind) {
        this.random = random;
        this.options = options;
        this.kind = kind;
    }

    /** Every combination of options with both families. */
    static List<WireOptions> allOptions() {
        Set<AddressFamily> both = Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
        List<WireOptions> all = new ArrayList<>();
        for (int bits = 0; bits < 32; bits++) {
            Set<AddressFamily> four = (bits & 8) != 0 ? Set.of(AddressFamily.IPV4) : Set.of();
            Set<AddressFamily> ids = (bits & 16) == 0 ? four : four.isEmpty() ? Set.of(AddressFamily.IPV6) : both;
            all.add(new WireOptions((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, both, ids));
        }
        return all;
    }

    Message next() {
        return switch (random.nextInt(8)) {
            case 0 -> open();
            case 1 -> new Keepalive();
            case 2 -> new Notification(random.nextInt(256), random.nextInt(256), octets(40));
            case 3 -> new RouteRefresh(anyFamily(), random.nextInt(256));
            case 4 -> new EndOfRib(family());
            default -> update();
        };
    }

    Update update() {
        List<PathPrefixes> withdrawn = new ArrayList<>();
        List<Announcement> announced = new ArrayList<>();
        int kinds = 1 + random.nextInt(15);
        if ((kinds & 1) != 0) {
            withdrawn.add(prefixes(AddressFamily.IPV4));
        }
        if ((kinds & 2) != 0) {
            withdrawn.add(prefixes(AddressFamily.IPV6));
        }
        PathAttributes attributes = attributes();
        if ((kinds & 4) != 0) {
            announced.add(with(new NextHop.V4(host()), attributes, AddressFamily.IPV4));
        }
        if ((kinds & 8) != 0) {
            boolean four = options.extendedNextHop() && random.nextBoolean();
            announced.add(with(sixth(), attributes, four ? AddressFamily.IPV4 : AddressFamily.IPV6));
        }
        return new Update(withdrawn, announced);
    }

    private Announcement with(NextHop nextHop, PathAttributes attributes, AddressFamily family) {
        return new Announcement(attributes.change().nextHop(nextHop).build(), prefixes(family));
    }

    PathPrefixes prefixes(AddressFamily family) {
        return PathPrefixes.of(family, some(1, 12, () -> prefix(family)));
    }

    private PathPrefix prefix(AddressFamily family) {
        Prefix prefix = family.equals(AddressFamily.IPV4)
                ? Prefix.containing(new Ipv4Address(random.nextInt()), random.nextInt(33))
                : Prefix.containing(new Ipv6Address(random.nextLong(), random.nextLong()), random.nextInt(129));
        return new PathPrefix(options.addPath().contains(family) ? random.nextInt() : 0, prefix);
    }

    PathAttributes attributes() {
        AttributesBuilder builder = PathAttributes.of(Origin.values()[random.nextInt(3)], asPath())
                .atomicAggregate(random.nextBoolean())
                .communities(some(0, 80, () -> new Community(random.nextInt())))
                .extendedCommunities(some(0, 3, () -> new ExtendedCommunity(random.nextLong())))
                .largeCommunities(some(0, 3, this::largeCommunity))
                .unknown(unknown());
        if (random.nextBoolean()) {
            builder.multiExitDisc(number()).onlyToCustomer(number());
            builder.aggregator(Optional.of(new Aggregator(as(), new Ipv4Address(random.nextInt()))));
            builder.partial(AttributeCode.AGGREGATOR);
        }
        if (kind == PeerKind.INTERNAL && random.nextBoolean()) {
            builder.localPref(number()).originatorId(Optional.of(new Ipv4Address(random.nextInt())));
            builder.clusterList(some(0, 3, () -> new Ipv4Address(random.nextInt())));
        }
        return builder.build();
    }

    private LargeCommunity largeCommunity() {
        return new LargeCommunity(random.nextInt(), random.nextInt(), random.nextInt());
    }

    private List<UnknownAttribute> unknown() {
        return random.nextInt(3) > 0
                ? List.of()
                : List.of(new UnknownAttribute(200, octets(300)), new UnknownAttribute(99, octets(3)));
    }

    /** Confederations only in front, and with short numbers: otherwise an encoding with two octets loses something. */
    private AsPath asPath() {
        Stream<AsSegment> confederation = kind == PeerKind.INTERNAL && random.nextInt(4) == 0
                ? Stream.of(
                        new AsSegment(AsSegment.Type.CONFED_SEQUENCE, some(1, 3, () -> 1L + random.nextInt(0xffff))))
                : Stream.of();
        Stream<AsSegment> sequence = random.nextInt(8) == 0
                ? Stream.of()
                : Stream.of(
                        new AsSegment(AsSegment.Type.SEQUENCE, some(1, random.nextInt(9) == 0 ? 250 : 5, this::as)));
        Stream<AsSegment> set = random.nextInt(4) == 0
                ? Stream.of(new AsSegment(AsSegment.Type.SET, some(1, 3, this::as)))
                : Stream.of();
        return AsPath.ofSegments(Stream.of(confederation, sequence, set)
                .flatMap(segments -> segments)
                .toList());
    }

    private long as() {
        return random.nextBoolean() ? 1 + random.nextInt(0xffff) : 1 + (number() & 0xfffffffeL);
    }

    private long number() {
        return random.nextInt() & 0xffffffffL;
    }

    private Ipv4Address host() {
        return new Ipv4Address(1 + random.nextInt(0x7fffffff));
    }

    private NextHop sixth() {
        Ipv6Address address = new Ipv6Address(random.nextLong(), random.nextLong() | 1);
        return random.nextBoolean()
                ? new NextHop.V6(address)
                : new NextHop.V6WithLinkLocal(address, new Ipv6Address(0xfe80L << 48, random.nextLong()));
    }

    private AddressFamily family() {
        return random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private AddressFamily anyFamily() {
        return random.nextBoolean() ? family() : AddressFamily.of(random.nextInt(0x10000), random.nextInt(256));
    }

    Octets octets(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return Octets.of(bytes);
    }

    private <T> List<T> some(int least, int most, Supplier<T> one) {
        return Stream.generate(one)
                .limit(least + random.nextInt(most - least + 1))
                .toList();
    }

    Open open() {
        int holdTime = random.nextBoolean() ? 0 : 3 + random.nextInt(0xfffd);
        int as = 1 + random.nextInt(0xffff);
        Ipv4Address identifier = new Ipv4Address(random.nextInt() | 1);
        return new Open(as, holdTime, identifier, some(0, random.nextInt(5) == 0 ? 60 : 10, this::capability));
    }

    private Capability capability() {
        return switch (random.nextInt(11)) {
            case 0 -> new Capability.Multiprotocol(anyFamily());
            case 1 -> new Capability.Refresh();
            case 2 -> new Capability.EnhancedRefresh();
            case 3 ->
                new Capability.ExtendedNextHop(some(0, 3, () -> new Encoding(anyFamily(), random.nextInt(0x10000))));
            case 4 -> new Capability.ExtendedMessage();
            case 5 -> new Capability.BgpRole(random.nextInt(256));
            case 6 ->
                new Capability.GracefulRestart(
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextInt(4096),
                        some(0, 3, () -> new Preserved(anyFamily(), random.nextBoolean())));
            case 7 ->
                new Capability.LongLivedGracefulRestart(
                        some(0, 3, () -> new LongLived(anyFamily(), random.nextBoolean(), random.nextInt(1 << 24))));
            case 8 -> new Capability.FourOctetAs(as());
            case 9 -> {
                boolean receive = random.nextBoolean();
                yield new Capability.AddPath(
                        some(0, 3, () -> new Directions(anyFamily(), receive, !receive || random.nextBoolean())));
            }
            default -> new Capability.Unknown(200, octets(20));
        };
    }
}
