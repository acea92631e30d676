package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.Capability.GracefulRestart.Preserved;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Octets;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages and the bytes that the RFCs give them. */
class KnownBytesTest {

    private static final String MARKER = "ff".repeat(16);
    private static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4, AddressFamily.IPV6);
    private static final WireOptions FOUR_OCTETS = new WireOptions(true, false, false, BOTH, Set.of());

    private static void assertBytes(WireOptions options, Message message, String hex) {
        Octets expected = Octets.ofHex(MARKER + hex);
        assertThat(Octets.of(new MessageWriter(options).write(message))).isEqualTo(expected);
        assertThat(new MessageReader(options, PeerKind.EXTERNAL).read(expected.toArray(), 0))
                .isEqualTo(Reading.of(message));
    }

    private static PathPrefixes prefixes(AddressFamily family, PathPrefix... prefixes) {
        return PathPrefixes.of(family, List.of(prefixes));
    }

    private static PathPrefix prefix(String text) {
        return PathPrefix.of(Prefix.parse(text));
    }

    @Test
    void keepalive() {
        assertBytes(WireOptions.BASE, new Keepalive(), "0013 04");
    }

    /** RFC 4271 section 4.2, RFC 5492, with an AS number of four octets. */
    @Test
    void open() {
        Open open = Open.of(
                65536,
                90,
                Ipv4Address.parse("192.0.2.1"),
                List.of(
                        new Capability.Multiprotocol(AddressFamily.IPV4),
                        new Capability.Multiprotocol(AddressFamily.IPV6),
                        new Capability.Refresh(),
                        new Capability.GracefulRestart(
                                true, false, 120, List.of(new Preserved(AddressFamily.IPV4, true)))));
        assertBytes(
                WireOptions.BASE,
                open,
                "003b 01 04 5ba0 005a c0000201 1e 02 1c"
                        + "0104 00010001 0104 00020001 0200 4006 8078 00010180 4104 00010000");
        assertThat(open.as()).isEqualTo(65536);
    }

    @Test
    void openWithoutCapabilities() {
        assertBytes(
                WireOptions.BASE,
                new Open(64500, 0, Ipv4Address.parse("10.0.0.1"), List.of()),
                "001d 01 04 fbf4 0000 0a000001 00");
    }

    /** RFC 4724 section 2. */
    @Test
    void endOfRib() {
        assertBytes(FOUR_OCTETS, new EndOfRib(AddressFamily.IPV4), "0017 02 0000 0000");
        assertBytes(FOUR_OCTETS, new EndOfRib(AddressFamily.IPV6), "001e 02 0000 0007 900f0003 000201");
    }

    /** RFC 4271 section 4.3. */
    @Test
    void update() {
        PathAttributes attributes = PathAttributes.of(Origin.IGP, AsPath.of(65001))
                .nextHop(NextHop.of(Ipv4Address.parse("192.0.2.1")))
                .communities(List.of(Community.NO_EXPORT))
                .build();
        assertBytes(
                FOUR_OCTETS,
                new Update(
                        List.of(prefixes(AddressFamily.IPV4, prefix("10.0.0.0/8"), prefix("0.0.0.0/0"))),
                        List.of(new Update.Announcement(
                                attributes, prefixes(AddressFamily.IPV4, prefix("198.51.100.128/25"))))),
                "003a 02 0003 080a00 001b" + Raw.MANDATORY + "c00804 ffffff01" + "19 c6336480");
    }

    /** RFC 8950 section 3: an IPv4 destination behind an IPv6 next hop; RFC 7911 section 3: with path identifiers. */
    @Test
    void extendedNextHopAndIdentifiers() {
        PathAttributes attributes = PathAttributes.of(Origin.IGP, AsPath.of(65001))
                .nextHop(new NextHop.V6(Ipv6Address.parse("2001:db8::1")))
                .build();
        assertBytes(
                new WireOptions(true, false, true, BOTH, Set.of(AddressFamily.IPV4)),
                Update.announce(
                        attributes,
                        prefixes(
                                AddressFamily.IPV4,
                                new PathPrefix(7, Prefix.parse("192.0.2.0/24")),
                                new PathPrefix(-1, Prefix.parse("10.0.0.0/8")))),
                "004b 02 0000 0034" + "900e0023 000101 10 20010db8000000000000000000000001 00"
                        + "00000007 18 c00002 ffffffff 08 0a" + Raw.ORIGIN + Raw.AS_PATH);
    }

    /** RFC 6793 section 4.2.2: a path with long numbers for a peer that knows short ones. */
    @Test
    void twoOctets() {
        PathAttributes attributes = PathAttributes.of(Origin.IGP, AsPath.of(64500, 65536))
                .nextHop(NextHop.of(Ipv4Address.parse("192.0.2.1")))
                .build();
        assertBytes(
                WireOptions.BASE,
                Update.announce(attributes, prefixes(AddressFamily.IPV4, prefix("10.0.0.0/8"))),
                "003a 02 0000 0021 400101 00 400206 0202 fbf4 5ba0" + Raw.NEXT_HOP + "c0110a 0202 0000fbf4 00010000"
                        + "080a");
    }

    /** RFC 7313 section 3, RFC 9003 section 2. */
    @Test
    void refreshAndShutdown() {
        assertBytes(WireOptions.BASE, new RouteRefresh(AddressFamily.IPV6, RouteRefresh.BEGIN), "0017 05 0002 01 01");
        assertBytes(
                WireOptions.BASE,
                Notification.cease(ErrorCode.ADMINISTRATIVE_SHUTDOWN, "bye"),
                "0019 03 06 02 03 627965");
    }

    /** RFC 6793 section 4.2.3, with the examples of merging: what an old peer has put in front stays. */
    @Test
    void oldPathsAreMerged() {
        assertPath("0203 fde9 5ba0 5ba0", "0202 00010001 00010002", "65001 65537 65538");
        assertPath("0202 5ba0 5ba0", "0202 00010001 00010002", "65537 65538");
        assertPath("0201 5ba0", "0202 00010001 00010002", "23456");
        assertPath("0102 fde9 fdea 0201 5ba0", "0201 00010001", "{65001,65002} 65537");
        assertPath("0202 5ba0 5ba0", "0301 0000fde9 0201 00010001", "23456 65537");
    }

    private static void assertPath(String two, String four, String expected) {
        byte[] bytes = Raw.update(
                "", Raw.ORIGIN + Raw.attribute(0x40, 2, two) + Raw.NEXT_HOP + Raw.attribute(0xc0, 17, four), Raw.NLRI);
        Update update = (Update) new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL)
                .read(bytes, 0)
                .message();
        assertThat(update.announced().getFirst().attributes().asPath()).hasToString(expected);
    }

    @Test
    void aggregatorsOfOldPeersCount() {
        String path =
                Raw.ORIGIN + "400204 0201 5ba0" + Raw.NEXT_HOP + "c01106 0201 00010001" + "c01208 00010002 c0000209";
        assertThat(attributes(path + "c00706 5ba0 c0000201"))
                .satisfies(all -> assertThat(all.aggregator().orElseThrow()).hasToString("65538 192.0.2.9"))
                .satisfies(all -> assertThat(all.asPath()).hasToString("65537"));
        assertThat(attributes(path + "c00706 fde9 c0000201"))
                .satisfies(all -> assertThat(all.aggregator().orElseThrow()).hasToString("65001 192.0.2.1"))
                .satisfies(all -> assertThat(all.asPath()).hasToString("23456"));
        assertThat(attributes(path).aggregator()).isEmpty();
    }

    private static PathAttributes attributes(String attributes) {
        MessageReader reader = new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL);
        Update update =
                (Update) reader.read(Raw.update("", attributes, Raw.NLRI), 0).message();
        return update.announced().getFirst().attributes();
    }
}
