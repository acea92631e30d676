package fyr.bgp.speaker;

import static fyr.bgp.speaker.TestSpeakers.eventually;
import static fyr.bgp.speaker.TestSpeakers.own;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.Capability;
import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.MessageWriter;
import fyr.bgp.message.Open;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.WireOptions;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.session.Phase;
import fyr.bgp.session.SessionSettings;
import fyr.model.address.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Speakers that talk to each other over the loopback link. */
class SpeakerTest {

    private final TestSpeakers speakers = new TestSpeakers();

    @AfterEach
    void close() {
        speakers.close();
    }

    private static void established(TestSpeakers.Node one, TestSpeakers.Node other) throws InterruptedException {
        eventually(() -> one.status(other).phase(), Phase.ESTABLISHED::equals);
    }

    @Test
    void routesOfBothFamiliesComeAndGo() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        one.peer(two);
        two.peer(one);
        one.start();
        two.start();
        one.announce(own(), "10.1.0.0/24", "fd01::/64");
        eventually(two::destinations, Set.of("10.1.0.0/24", "fd01::/64")::equals);
        LearnedRoute route =
                two.learned.routes().get(Prefix.parse("10.1.0.0/24")).orElseThrow();
        assertThat(route.via()).containsExactly(PeerAddress.of(one.address));
        assertThat(route.best().asPath()).hasToString("65001");
        one.announce(own(), "10.1.0.0/24", "10.1.1.0/24");
        eventually(two::destinations, Set.of("10.1.0.0/24", "10.1.1.0/24")::equals);
        one.kill();
        eventually(two::destinations, Set.of()::equals);
        one.start();
        one.announce(own(), "10.1.7.0/24");
        eventually(two::destinations, Set.of("10.1.7.0/24")::equals);
    }

    @Test
    void thePeersOtherNumberIsNamed() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        TestSpeakers.Node expected = speakers.node(65009, 2);
        one.peer(expected);
        two.peer(one);
        one.start();
        two.start();
        eventually(() -> one.status(two).lastEnd().orElse(""), end -> end.contains("AS 65002"));
    }

    @Test
    void theLimitOfPrefixesIsNamed() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        one.peer(two, UnaryOperator.identity(), peer -> peer.withMostPrefixes(1));
        two.peer(one);
        one.start();
        two.start();
        two.announce(own(), "10.2.0.0/24", "10.2.1.0/24");
        eventually(() -> one.status(two).lastEnd().orElse(""), end -> end.contains("more than 1 prefixes"));
    }

    @Test
    void aThirdSpeakerHearsThroughTheSecond() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        TestSpeakers.Node three = speakers.node(65002, 3);
        one.peer(two);
        two.peer(one);
        two.peer(three);
        three.peer(two);
        one.start();
        two.start();
        three.start();
        one.announce(own(), "10.1.0.0/24");
        three.announce(own(), "10.3.0.0/24");
        eventually(three::destinations, Set.of("10.1.0.0/24")::equals);
        eventually(one::destinations, Set.of("10.3.0.0/24")::equals);
        assertThat(one.learned
                        .routes()
                        .get(Prefix.parse("10.3.0.0/24"))
                        .orElseThrow()
                        .best()
                        .asPath())
                .hasToString("65002");
    }

    @Test
    void aPeerFromARangeIsAcceptedAndForgotten() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        two.peer(one);
        one.ranges.put(Prefix.parse("127.0.2.0/24"), one.usual(two, held -> held.withPassive(true)));
        Speaker speaker = one.start();
        two.start();
        two.announce(own(), "10.2.0.0/24");
        eventually(one::destinations, Set.of("10.2.0.0/24")::equals);
        two.kill();
        eventually(() -> speaker.peers().join(), List::isEmpty);
        assertThat(one.destinations()).isEmpty();
    }

    private static UnaryOperator<SessionSettings> graceful(boolean restarting, int seconds) {
        return held -> held.withGracefulRestart(new Capability.GracefulRestart(
                restarting,
                true,
                seconds,
                List.of(
                        new Capability.GracefulRestart.Preserved(AddressFamily.IPV4, true),
                        new Capability.GracefulRestart.Preserved(AddressFamily.IPV6, true))));
    }

    @Test
    void routesOfAPeerThatRestartsStayUntilItHasAnnouncedTheOthersAgain() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        one.peer(two, graceful(false, 60), UnaryOperator.identity());
        two.peer(one, graceful(false, 60), UnaryOperator.identity());
        one.start();
        two.start();
        established(two, one);
        one.announce(own(), "10.1.0.0/24", "10.1.1.0/24");
        eventually(two::destinations, Set.of("10.1.0.0/24", "10.1.1.0/24")::equals);
        one.kill();
        eventually(() -> two.status(one).phase() == Phase.ESTABLISHED, up -> !up);
        assertThat(two.destinations()).containsExactly("10.1.0.0/24", "10.1.1.0/24");
        one.peer(two, graceful(true, 60), UnaryOperator.identity());
        one.start();
        one.announce(own(), "10.1.1.0/24");
        established(two, one);
        eventually(two::destinations, Set.of("10.1.1.0/24")::equals);
    }

    @Test
    void routesOfAPeerThatDoesNotComeBackGoAfterTheRestartTime() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        one.peer(two, graceful(false, 1), UnaryOperator.identity());
        two.peer(one, graceful(false, 1), UnaryOperator.identity());
        one.start();
        two.start();
        established(two, one);
        one.announce(own(), "10.1.0.0/24");
        eventually(two::destinations, Set.of("10.1.0.0/24")::equals);
        one.kill();
        eventually(two::destinations, Set.of()::equals);
    }

    /** A peer may name any family, at any time (RFC 2918 section 4: what was not agreed on is ignored). */
    @Test
    void familiesThatWereNotAgreedOnAreIgnored() throws Exception {
        TestSpeakers.Node one = speakers.node(65001, 1);
        TestSpeakers.Node two = speakers.node(65002, 2);
        one.peer(two);
        one.start();
        AddressFamily unknown = AddressFamily.of(99, 1);
        MessageWriter writer = new MessageWriter(WireOptions.BASE);
        try (Socket peer = new Socket()) {
            peer.bind(new InetSocketAddress(InetAddress.getByName(two.address.toString()), 0));
            peer.connect(new InetSocketAddress(InetAddress.getByName(one.address.toString()), one.port));
            peer.getOutputStream().write(writer.write(new Open(65002, 90, two.address, List.of())));
            peer.getOutputStream().write(writer.write(new Keepalive()));
            established(one, two);
            for (int subtype : List.of(RouteRefresh.REQUEST, RouteRefresh.BEGIN, RouteRefresh.END)) {
                for (AddressFamily family : List.of(unknown, AddressFamily.IPV6)) {
                    peer.getOutputStream().write(writer.write(new RouteRefresh(family, subtype)));
                }
            }
            peer.getOutputStream().write(writer.write(new EndOfRib(AddressFamily.IPV6)));
            long before = one.status(two).messages();
            peer.getOutputStream().write(writer.write(new Keepalive()));
            eventually(() -> one.status(two).messages(), count -> count > before);
            assertThat(one.status(two).phase()).isEqualTo(Phase.ESTABLISHED);
        }
    }
}
