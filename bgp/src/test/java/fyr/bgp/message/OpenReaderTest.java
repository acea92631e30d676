package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.path.Octets;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenReaderTest {

    private static final String HEAD = "04 fde9 005a c0000201";

    private static Open read(String body) {
        return (Open) new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL)
                .read(Raw.message(Header.OPEN, body), 0)
                .message();
    }

    private static void assertRefused(String body, Notification notification) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        NotificationException.class,
                        e -> assertThat(e.notification()).isEqualTo(notification));
    }

    private static Notification refused(int subcode) {
        return Notification.of(ErrorCode.OPEN, subcode);
    }

    @Test
    void whatNoSpeakerMayAcceptIsRefused() {
        assertRefused(
                "03 fde9 005a c0000201 00",
                new Notification(ErrorCode.OPEN, ErrorCode.UNSUPPORTED_VERSION, Octets.ofHex("0004")));
        assertRefused("04 0000 005a c0000201 00", refused(ErrorCode.BAD_PEER_AS));
        assertRefused("04 fde9 0002 c0000201 00", refused(ErrorCode.UNACCEPTABLE_HOLD_TIME));
        assertRefused("04 fde9 005a 00000000 00", refused(ErrorCode.BAD_IDENTIFIER));
        assertRefused(HEAD + "02 0100", refused(ErrorCode.UNSUPPORTED_PARAMETER));
        assertRefused(HEAD + "08 0206 4104 00000000", refused(ErrorCode.BAD_PEER_AS));
        assertRefused(HEAD + "03 0200", refused(ErrorCode.UNSPECIFIC));
        assertRefused(HEAD + "02 0201", refused(ErrorCode.UNSPECIFIC));
        assertRefused(HEAD + "06 0204 4105 0000", refused(ErrorCode.UNSPECIFIC));
        assertRefused(HEAD + "07 0205 0103 000100", refused(ErrorCode.UNSPECIFIC));
    }

    /** RFC 9072: either encoding is read, whatever the length in the old place says. */
    @Test
    void longParametersAreRead() {
        Capability.FourOctetAs as = new Capability.FourOctetAs(65536);
        assertThat(read(HEAD + "08 0206 4104 00010000").capabilities()).containsExactly(as);
        assertThat(read(HEAD + "ff ff 0009 02 0006 4104 00010000").capabilities())
                .containsExactly(as);
        assertThat(read(HEAD + "01 ff 0009 02 0006 4104 00010000").capabilities())
                .containsExactly(as);
        assertRefused(HEAD + "ff ff 0003 ff 0000", refused(ErrorCode.UNSUPPORTED_PARAMETER));
        List<Capability> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(new Capability.Unknown(100 + i % 100, Octets.ofHex("0102")));
        }
        Open open = new Open(1, 90, Ipv4Address.parse("10.0.0.1"), many);
        byte[] bytes = new MessageWriter(WireOptions.BASE).write(open);
        assertThat(new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL)
                        .read(bytes, 0)
                        .message())
                .isEqualTo(open);
        assertThat(bytes).hasSize(19 + 13 + 3 + 1200);
    }

    /** Cisco and others put each capability into a parameter of its own; RFC 7911 section 4 on directions that are not assigned. */
    @Test
    void capabilitiesMayBeSpread() {
        Open open = read(HEAD + "10 0206 0104 00010001 0202 0200 0202 4600");
        assertThat(open.capabilities()).hasSize(3);
        assertThat(open.has(Capability.EnhancedRefresh.class)).isTrue();
        assertThat(read(HEAD + "08 0206 4504 00010104").capabilities())
                .containsExactly(new Capability.Unknown(69, Octets.ofHex("00010104")));
        assertThat(read(HEAD + "06 0204 0202 0000").has(Capability.Refresh.class))
                .isTrue();
    }

    @Test
    void communicationsAreTextOrNothing() {
        String text = "a".repeat(254) + "\u00e9";
        Notification cease = Notification.cease(ErrorCode.ADMINISTRATIVE_RESET, text);
        assertThat(cease.data().length()).isEqualTo(255);
        assertThat(cease.communication()).contains("a".repeat(254));
        assertThat(Notification.cease(ErrorCode.ADMINISTRATIVE_SHUTDOWN, "").data())
                .isEqualTo(Octets.EMPTY);
        for (String hex : List.of("", "00", "0361", "01ff", "02c3")) {
            assertThat(new Notification(6, 2, Octets.ofHex(hex)).communication())
                    .isEmpty();
        }
        assertThat(new Notification(6, 2, Octets.ofHex("03610a62")).communication())
                .contains("a\ufffdb");
        assertThat(new Notification(6, 3, Octets.ofHex("0161")).communication()).isEmpty();
    }

    /** RFC 7313 section 5. */
    @Test
    void aRefreshOfAnotherLengthIsReturned() {
        byte[] bytes = Raw.message(Header.ROUTE_REFRESH, "0001 00 01 00");
        assertThatThrownBy(() -> new MessageReader(WireOptions.BASE, PeerKind.EXTERNAL).read(bytes, 0))
                .isInstanceOfSatisfying(
                        NotificationException.class,
                        e -> assertThat(e.notification()).isEqualTo(new Notification(7, 1, Octets.of(bytes))));
    }
}
