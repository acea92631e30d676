package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.message.AttributeFault.Handling;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What RFC 7606 says of each error: first its table of attributes (section 7), then sections 3 to 5. */
class ErrorHandlingTest {

    private static final WireOptions OPTIONS =
            new WireOptions(true, false, false, Set.of(AddressFamily.IPV4, AddressFamily.IPV6), Set.of());
    private static final WireOptions TWO_OCTETS =
            new WireOptions(false, false, false, Set.of(AddressFamily.IPV4, AddressFamily.IPV6), Set.of());
    private static final String AS_PATH_OF_TWO = "400204 0201 fde9";
    private static final PathPrefixes ROUTES = PathPrefixes.of(
            AddressFamily.IPV4,
            List.of(PathPrefix.of(Prefix.parse("192.0.2.0/24")), PathPrefix.of(Prefix.parse("10.0.0.0/8"))));

    private enum Result {
        ACCEPTED,
        DISCARDED,
        WITHDRAWN,
        RESET
    }

    /** One attribute beside, or instead of, the mandatory ones. */
    private record Row(String name, PeerKind kind, boolean four, String attribute, Result result, int subcode) {}

    private static Row both(String name, String attribute, Result result, int subcode) {
        return new Row(name, PeerKind.EXTERNAL, true, attribute, result, subcode);
    }

    private static Row internal(String name, String attribute, Result result, int subcode) {
        return new Row(name, PeerKind.INTERNAL, true, attribute, result, subcode);
    }

    private static Row old(String name, String attribute, Result result, int subcode) {
        return new Row(name, PeerKind.EXTERNAL, false, attribute, result, subcode);
    }

    private static final List<Row> ROWS = List.of(
            // 7.1
            both("ORIGIN of two bytes", "400102 0000", Result.WITHDRAWN, 5),
            both("ORIGIN without value", "400100", Result.WITHDRAWN, 5),
            both("ORIGIN undefined", "400101 03", Result.WITHDRAWN, 6),
            both("ORIGIN optional", "c00101 00", Result.WITHDRAWN, 4),
            both("ORIGIN not transitive", "000101 00", Result.WITHDRAWN, 4),
            // 7.2
            both("AS_PATH empty", "400200", Result.ACCEPTED, 0),
            both("AS_PATH segment unrecognized", "400206 0501 0000fde9", Result.WITHDRAWN, 11),
            both("AS_PATH overrun", "400206 0202 0000fde9", Result.WITHDRAWN, 11),
            both("AS_PATH underrun", "400207 0201 0000fde9 02", Result.WITHDRAWN, 11),
            both("AS_PATH segment of zero", "400208 0201 0000fde9 0200", Result.WITHDRAWN, 11),
            both("AS_PATH optional", "c00206 0201 0000fde9", Result.WITHDRAWN, 4),
            both("AS_PATH with AS 0 (RFC 7607)", "400206 0201 00000000", Result.WITHDRAWN, 11),
            both("AS_PATH with confederation (RFC 5065)", "400206 0301 0000fde9", Result.WITHDRAWN, 11),
            internal("AS_PATH with confederation", "400206 0301 0000fde9", Result.ACCEPTED, 0),
            old("AS_PATH of four octets from an old peer", "400206 0201 0000fde9", Result.WITHDRAWN, 11),
            // 7.3
            both("NEXT_HOP too long", "400305 c000020100", Result.WITHDRAWN, 5),
            both("NEXT_HOP without value", "400300", Result.WITHDRAWN, 5),
            both("NEXT_HOP 0.0.0.0", "400304 00000000", Result.WITHDRAWN, 8),
            both("NEXT_HOP multicast", "400304 e0000001", Result.WITHDRAWN, 8),
            both("NEXT_HOP broadcast", "400304 ffffffff", Result.WITHDRAWN, 8),
            both("NEXT_HOP optional", "c00304 c0000201", Result.WITHDRAWN, 4),
            // 7.4
            both("MULTI_EXIT_DISC", "800404 00000001", Result.ACCEPTED, 0),
            both("MULTI_EXIT_DISC too short", "800403 000001", Result.WITHDRAWN, 5),
            both("MULTI_EXIT_DISC transitive", "c00404 00000001", Result.WITHDRAWN, 4),
            // 7.5
            both("LOCAL_PREF from outside", "400504 00000064", Result.DISCARDED, 1),
            both("LOCAL_PREF from outside, malformed", "400503 000064", Result.DISCARDED, 1),
            internal("LOCAL_PREF", "400504 00000064", Result.ACCEPTED, 0),
            internal("LOCAL_PREF too short", "400503 000064", Result.WITHDRAWN, 5),
            internal("LOCAL_PREF optional", "c00504 00000064", Result.WITHDRAWN, 4),
            // 7.6
            both("ATOMIC_AGGREGATE", "400600", Result.ACCEPTED, 0),
            both("ATOMIC_AGGREGATE with value", "400601 00", Result.DISCARDED, 5),
            both("ATOMIC_AGGREGATE optional", "c00600", Result.DISCARDED, 5),
            // 7.7
            both("AGGREGATOR", "c00708 0000fde9 c0000201", Result.ACCEPTED, 0),
            both("AGGREGATOR too short", "c00706 fde9 c0000201", Result.DISCARDED, 5),
            both("AGGREGATOR AS 0 (RFC 7607)", "c00708 00000000 c0000201", Result.DISCARDED, 9),
            both("AGGREGATOR well-known", "400708 0000fde9 c0000201", Result.DISCARDED, 5),
            old("AGGREGATOR", "c00706 fde9 c0000201", Result.ACCEPTED, 0),
            old("AGGREGATOR too long", "c00708 0000fde9 c0000201", Result.DISCARDED, 5),
            // 7.8
            both("COMMUNITIES", "c00804 fde90001", Result.ACCEPTED, 0),
            both("COMMUNITIES empty", "c00800", Result.WITHDRAWN, 5),
            both("COMMUNITIES of six bytes", "c00806 fde900010002", Result.WITHDRAWN, 5),
            both("COMMUNITIES not transitive", "800804 fde90001", Result.WITHDRAWN, 4),
            // 7.9
            both("ORIGINATOR_ID from outside", "800904 c0000201", Result.DISCARDED, 1),
            both("ORIGINATOR_ID from outside, malformed", "800903 c00002", Result.DISCARDED, 1),
            internal("ORIGINATOR_ID", "800904 c0000201", Result.ACCEPTED, 0),
            internal("ORIGINATOR_ID too short", "800903 c00002", Result.WITHDRAWN, 5),
            // 7.10
            both("CLUSTER_LIST from outside", "800a04 c0000201", Result.DISCARDED, 1),
            internal("CLUSTER_LIST", "800a04 c0000201", Result.ACCEPTED, 0),
            internal("CLUSTER_LIST empty", "800a00", Result.WITHDRAWN, 5),
            internal("CLUSTER_LIST of five bytes", "800a05 c000020100", Result.WITHDRAWN, 5),
            // 7.11
            both("MP_REACH_NLRI too short", "800e04 00020100", Result.RESET, 9),
            both("MP_REACH_NLRI with a next hop of 4 bytes", "800e09 000201 04 c0000201 00", Result.RESET, 9),
            both("MP_REACH_NLRI with a next hop beyond its end", "800e09 000201 10 c0000201 00", Result.RESET, 9),
            both("MP_REACH_NLRI well-known", "400e09 000101 04 c0000201 00", Result.RESET, 9),
            // 7.12
            both("MP_UNREACH_NLRI", "800f05 000201 08 20", Result.ACCEPTED, 0),
            both("MP_UNREACH_NLRI too short", "800f02 0002", Result.RESET, 9),
            both("MP_UNREACH_NLRI transitive", "c00f05 000201 08 20", Result.RESET, 9),
            both("MP_UNREACH_NLRI with a prefix of 129 bits", "800f16 000201 81" + "00".repeat(18), Result.RESET, 9),
            both("MP_UNREACH_NLRI with an overrun", "800f05 000201 09 20", Result.RESET, 9),
            // 7.13: not known here, and not transitive
            both("Traffic Engineering", "801801 00", Result.ACCEPTED, 0),
            // 7.14
            both("EXTENDED COMMUNITIES", "c01008 0002fde900000001", Result.ACCEPTED, 0),
            both("EXTENDED COMMUNITIES of an unrecognized type", "c01008 3fffffffffffffff", Result.ACCEPTED, 0),
            both("EXTENDED COMMUNITIES empty", "c01000", Result.WITHDRAWN, 5),
            both("EXTENDED COMMUNITIES of 7 bytes", "c01007 0002fde9000000", Result.WITHDRAWN, 5),
            // 7.15
            both("IPv6 Extended Communities", "c01914" + "00".repeat(20), Result.ACCEPTED, 0),
            both("IPv6 Extended Communities empty", "c01900", Result.WITHDRAWN, 5),
            both("IPv6 Extended Communities of 8 bytes", "c01908 0002fde900000001", Result.WITHDRAWN, 5),
            // 7.16: not known here, and passed on as it is
            both("ATTR_SET", "c08004 0000fde9", Result.ACCEPTED, 0),
            // RFC 8092 section 5, RFC 9234 section 5
            both("LARGE_COMMUNITY", "c0200c" + "00".repeat(12), Result.ACCEPTED, 0),
            both("LARGE_COMMUNITY empty", "c02000", Result.WITHDRAWN, 5),
            both("LARGE_COMMUNITY of 8 bytes", "c02008 0000fde900000001", Result.WITHDRAWN, 5),
            both("OTC", "c02304 0000fde9", Result.ACCEPTED, 0),
            both("OTC too short", "c02302 fde9", Result.WITHDRAWN, 5),
            // RFC 6793 section 6
            both("AS4_PATH from a new peer", "c01106 0201 0000fde9", Result.DISCARDED, 9),
            both("AS4_AGGREGATOR from a new peer", "c01208 0000fde9 c0000201", Result.DISCARDED, 9),
            old("AS4_PATH", "c01106 0201 0001fde9", Result.ACCEPTED, 0),
            old("AS4_PATH too short", "c01105 0201 0001fd", Result.DISCARDED, 9),
            old("AS4_PATH empty", "c01100", Result.DISCARDED, 9),
            old("AS4_PATH overrun", "c01106 0202 0001fde9", Result.DISCARDED, 9),
            old("AS4_PATH with AS 0", "c01106 0201 00000000", Result.DISCARDED, 9),
            old("AS4_AGGREGATOR too short", "c01206 fde9 c0000201", Result.DISCARDED, 9),
            // RFC 4271 section 6.3
            both("unknown optional", "80f002 0102", Result.ACCEPTED, 0),
            both("unknown optional transitive, empty", "c0f000", Result.ACCEPTED, 0),
            both("unknown well-known", "40f002 0102", Result.RESET, 2));

    private static String mandatory(Row row) {
        String path = row.four() ? Raw.AS_PATH : AS_PATH_OF_TWO;
        return switch (row.attribute().substring(2, 4)) {
            case "01" -> path + Raw.NEXT_HOP;
            case "02" -> Raw.ORIGIN + Raw.NEXT_HOP;
            case "03" -> Raw.ORIGIN + path;
            default -> Raw.ORIGIN + path + Raw.NEXT_HOP;
        };
    }

    @TestFactory
    Stream<DynamicTest> everyAttribute() {
        return ROWS.stream().map(row -> DynamicTest.dynamicTest(row.kind() + " " + row.name(), () -> check(row)));
    }

    private static void check(Row row) {
        MessageReader reader = new MessageReader(row.four() ? OPTIONS : TWO_OCTETS, row.kind());
        byte[] bytes = Raw.update("", mandatory(row) + row.attribute(), Raw.NLRI);
        if (row.result() == Result.RESET) {
            assertThatThrownBy(() -> reader.read(bytes, 0)).isInstanceOfSatisfying(NotificationException.class, e -> {
                assertThat(e.notification().code()).isEqualTo(ErrorCode.UPDATE);
                assertThat(e.notification().subcode()).isEqualTo(row.subcode());
                assertThat(e.notification().data()).hasToString(row.attribute().replace(" ", ""));
            });
            return;
        }
        Reading reading = reader.read(bytes, 0);
        Update update = (Update) reading.message();
        if (row.result() == Result.WITHDRAWN) {
            assertThat(update).isEqualTo(new Update(List.of(ROUTES), List.of()));
            assertThat(reading.faults()).singleElement().satisfies(fault -> {
                assertThat(fault.handling()).isEqualTo(Handling.TREATED_AS_WITHDRAWN);
                assertThat(fault.code())
                        .isEqualTo(Integer.parseInt(row.attribute().substring(2, 4), 16));
                assertThat(fault.notification().subcode()).isEqualTo(row.subcode());
                assertThat(fault.notification().data())
                        .hasToString(row.attribute().replace(" ", ""));
            });
            return;
        }
        assertThat(update.announced())
                .singleElement()
                .satisfies(routes -> assertThat(routes.prefixes()).isEqualTo(ROUTES));
        assertThat(reading.faults())
                .hasSize(row.result() == Result.ACCEPTED ? 0 : 1)
                .allSatisfy(fault -> {
                    assertThat(fault.handling()).isEqualTo(Handling.DISCARDED);
                    assertThat(fault.notification().subcode()).isEqualTo(row.subcode());
                });
        assertThat(written(row, update))
                .as("what is passed on")
                .isEqualTo(row.result() == Result.ACCEPTED && !row.name().contains("from outside"));
    }

    /** Whether the attribute is among those that were read. */
    private static boolean written(Row row, Update update) {
        boolean four = row.four();
        String without = new MessageReader(four ? OPTIONS : TWO_OCTETS, row.kind())
                .read(Raw.update("", mandatory(row), Raw.NLRI), 0)
                .toString();
        boolean unknown = List.of("Traffic Engineering", "unknown optional", "MP_UNREACH_NLRI")
                .contains(row.name());
        return unknown || !Reading.of(update).toString().equals(without);
    }

    private static Reading read(byte[] bytes) {
        return new MessageReader(OPTIONS, PeerKind.EXTERNAL).read(bytes, 0);
    }

    private static void assertReset(int subcode, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        NotificationException.class,
                        e -> assertThat(e.notification())
                                .matches(n -> n.code() == ErrorCode.UPDATE && n.subcode() == subcode));
    }

    private static void assertWithdrawn(byte[] bytes) {
        assertThat(read(bytes).message()).isEqualTo(Update.withdraw(ROUTES));
    }

    @Test
    void lengthsBeyondTheMessageReset() {
        assertReset(1, () -> read(Raw.message(Header.UPDATE, "0001 0000")));
        assertReset(1, () -> read(Raw.message(Header.UPDATE, "0000 0001")));
        assertReset(1, () -> read(Raw.message(Header.UPDATE, "ffff ffff")));
        assertReset(1, () -> read(Raw.message(Header.UPDATE, "0002 0000 00")));
    }

    @Test
    void whatIsMissingIsTreatedAsWithdraw() {
        assertWithdrawn(Raw.update("", Raw.ORIGIN + Raw.AS_PATH, Raw.NLRI));
        assertWithdrawn(Raw.update("", Raw.ORIGIN + Raw.NEXT_HOP, Raw.NLRI));
        assertWithdrawn(Raw.update("", Raw.AS_PATH + Raw.NEXT_HOP, Raw.NLRI));
        Reading reading = read(Raw.update("", "", Raw.NLRI));
        assertThat(reading.message()).isEqualTo(Update.withdraw(ROUTES));
        assertThat(reading.faults()).hasSize(3);
        assertThat(reading.faults().getFirst().notification())
                .hasToString("UPDATE Message Error: Missing Well-known Attribute 01");
    }

    @Test
    void repeatedAttributesCountOnce() {
        Reading reading = read(Raw.update("", Raw.MANDATORY + "800404 00000001 800404 00000002", Raw.NLRI));
        assertThat(((Update) reading.message())
                        .announced()
                        .getFirst()
                        .attributes()
                        .multiExitDisc())
                .hasValue(1);
        assertThat(reading.faults()).singleElement().matches(fault -> fault.handling() == Handling.DISCARDED);
        String reach = "800e1a 000201 10 20010db8000000000000000000000001 00 20 20010db8";
        assertReset(1, () -> read(Raw.update("", reach + reach + Raw.MANDATORY, "")));
        assertReset(1, () -> read(Raw.update("", "800f03 000201 800f03 000201", "")));
    }

    @Test
    void theStrongestHandlingWins() {
        Reading reading = read(Raw.update("", Raw.MANDATORY + "400601 00 800403 000001", Raw.NLRI));
        assertThat(reading.message()).isEqualTo(Update.withdraw(ROUTES));
        assertThat(reading.faults()).hasSize(2);
        assertReset(2, () -> read(Raw.update("", Raw.MANDATORY + "800403 000001 40f000", Raw.NLRI)));
    }

    @Test
    void anAttributeBeyondTheListIsTreatedAsWithdraw() {
        assertWithdrawn(Raw.update("", Raw.MANDATORY + "800404 0000", Raw.NLRI));
        assertWithdrawn(Raw.update("", Raw.MANDATORY + "8004", Raw.NLRI));
        assertWithdrawn(Raw.update("", Raw.MANDATORY + "80", Raw.NLRI));
        assertWithdrawn(Raw.update("", Raw.MANDATORY + "900400", Raw.NLRI));
        assertReset(1, () -> read(Raw.update("", Raw.MANDATORY + "800404 0000", "")));
    }

    /** Section 5.2. */
    @Test
    void withoutRoutesAnErrorResets() {
        assertReset(5, () -> read(Raw.update("08 0b", Raw.MANDATORY + "800403 000001", "")));
        assertReset(5, () -> read(Raw.update("", "800f05 000201 08 20" + "800403 000001", "")));
        assertThat(read(Raw.update("08 0b", Raw.MANDATORY + "400601 00", "")).faults())
                .hasSize(1);
        assertThat(read(Raw.update("08 0b", Raw.ORIGIN, "")).faults()).isEmpty();
    }

    /** Section 5.3. */
    @Test
    void prefixesThatCannotBeReadReset() {
        assertReset(10, () -> read(Raw.update("", Raw.MANDATORY, "21 0a000000 00")));
        assertReset(10, () -> read(Raw.update("", Raw.MANDATORY, "18 0a00")));
        assertReset(10, () -> read(Raw.update("21 0a000000 00", "", "")));
        assertReset(10, () -> read(Raw.update("18 0a00", "", "")));
    }

    @Test
    void bitsBeyondThePrefixHaveNoMeaning() {
        assertThat(read(Raw.update("09 0aff", "", "")).message())
                .isEqualTo(Update.withdraw(
                        PathPrefixes.of(AddressFamily.IPV4, List.of(PathPrefix.of(Prefix.parse("10.128.0.0/9"))))));
    }

    /** RFC 4760 section 7: other families do not disturb. */
    @Test
    void familiesThatWereNotNegotiatedAreIgnored() {
        Reading reading = read(Raw.update("", "800e0b 000102 04 c0000201 00 0808" + Raw.MANDATORY, Raw.NLRI));
        assertThat(reading.faults()).singleElement().matches(fault -> fault.handling() == Handling.IGNORED);
        assertThat(((Update) reading.message()).announced()).hasSize(1);
        assertThat(read(Raw.update("", "800f04 000185 ff", "")).message()).isEqualTo(new Update(List.of(), List.of()));
        WireOptions six = new WireOptions(true, false, false, Set.of(AddressFamily.IPV6), Set.of());
        assertThat(new MessageReader(six, PeerKind.EXTERNAL)
                        .read(Raw.update("ff", Raw.MANDATORY, "ff"), 0)
                        .message())
                .isEqualTo(new Update(List.of(), List.of()));
    }

    @Test
    void anUnspecifiedNextHopIsTreatedAsWithdraw() {
        String reach = "800e1a 000201 10" + "00".repeat(16) + "00 20 20010db8";
        assertThat(read(Raw.update("", reach + Raw.ORIGIN + Raw.AS_PATH, "")).message())
                .isEqualTo(Update.withdraw(
                        PathPrefixes.of(AddressFamily.IPV6, List.of(PathPrefix.of(Prefix.parse("2001:db8::/32"))))));
    }

    /** RFC 4760 section 3: NEXT_HOP has no meaning beside MP_REACH_NLRI alone, but its length has one (RFC 7606 section 7.3). */
    @Test
    void anotherNextHopIsOfNoAccount() {
        String reach = "800e1a 000201 10 20010db8000000000000000000000001 00 20 20010db8";
        String others = Raw.ORIGIN + Raw.AS_PATH;
        Reading reading = read(Raw.update("", others + "400304 00000000" + reach, ""));
        assertThat(reading.faults()).isEmpty();
        assertThat(((Update) reading.message())
                        .announced()
                        .getFirst()
                        .attributes()
                        .nextHop())
                .hasToString("Optional[2001:db8::1]");
        assertThat(read(Raw.update("", others + "400303 000000" + reach, "")).faults())
                .hasSize(1);
    }
}
