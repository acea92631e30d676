package fyr.bgp.interop;

import static fyr.bgp.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.PeerAddress;
import fyr.model.address.Family;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens between the speaker and any router. The router is in system 65002 and announces 10.2.0.0/24 and fd02::/64. */
abstract class RouterScenarios {

    static final long OWN = 65001;
    static final long THEIRS = 65002;
    static final String V4 = "10.2.0.0/24";
    static final String V6 = "fd02::/64";
    static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4, AddressFamily.IPV6);

    final Lan lan = new Lan();
    final List<Router> routers = new ArrayList<>();
    Fyr fyr = new Fyr(OWN);

    abstract Router make(Lan.Host host);

    final Router router(int number) {
        Router made = make(lan.host(number));
        routers.add(made);
        return made;
    }

    @BeforeEach
    void begins() {
        assertThat(routers).isEmpty();
    }

    @AfterEach
    void ends() {
        fyr.close();
        routers.forEach(Router::close);
        lan.close();
    }

    static Plan usual() {
        return Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN)).announcing(V4, V6);
    }

    /** One router with a plan, and the speaker with a session to it. */
    final Router beside(Plan plan) throws Exception {
        Router router = router(2);
        router.start(plan);
        fyr.peer(router.host, plan.as()).start();
        return router;
    }

    final void exchanged(Router router) throws Exception {
        fyr.announce("10.1.0.0/24", "fd01::/64");
        eventually(fyr::destinations, Set.of(V4, V6)::equals);
        eventually(() -> router.knows("10.1.0.0/24") && router.knows("fd01::/64"), known -> known);
    }

    final String lastEnd(Router router) {
        return fyr.status(router.host).lastEnd().orElse("");
    }

    @Test
    void routesOfBothFamiliesGoBothWaysAndAreWithdrawn() throws Exception {
        Router router = beside(usual());
        exchanged(router);
        assertThat(fyr.route(V4).via()).containsExactly(PeerAddress.of(router.host.v4()));
        assertThat(fyr.route(V6).via()).containsExactly(PeerAddress.of(router.host.v6()));
        assertThat(fyr.route(V4).best().asPath()).hasToString("65002");
        assertThat(router.heard("10.1.0.0/24")).singleElement().satisfies(heard -> {
            assertThat(heard.asPath()).isEqualTo("65001");
            assertThat(heard.nextHops()).containsExactly("10.77.0.1");
        });
        assertThat(router.heard("fd01::/64"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.nextHops()).contains("fd77::1"));
        fyr.announce("fd01::/64");
        eventually(() -> router.knows("10.1.0.0/24"), known -> !known);
        router.follow(usual().announcing(V6));
        eventually(fyr::destinations, Set.of(V6)::equals);
        router.kill();
        eventually(fyr::destinations, Set.of()::equals);
    }

    @Test
    void routesOfAPeerThatRestartsStay() throws Exception {
        Plan plan = usual().graceful(20);
        Router router = router(2);
        router.start(plan);
        fyr.peer(router.host, THEIRS, Fyr.graceful(false, 20)).start();
        exchanged(router);
        router.kill();
        eventually(() -> fyr.isUp(router.host), up -> !up);
        assertThat(fyr.destinations()).containsExactly(V4, V6);
        router.start(plan.announcing(V4));
        eventually(() -> fyr.isUp(router.host), up -> up);
        eventually(fyr::destinations, Set.of(V4)::equals);
        eventually(() -> router.knows("10.1.0.0/24"), known -> known);
    }

    @Test
    void routesOfAPeerThatDoesNotComeBackGo() throws Exception {
        Router router = router(2);
        router.start(usual().graceful(3));
        fyr.peer(router.host, THEIRS, Fyr.graceful(false, 20)).start();
        exchanged(router);
        router.kill();
        eventually(() -> fyr.isUp(router.host), up -> !up);
        assertThat(fyr.destinations()).containsExactly(V4, V6);
        eventually(fyr::destinations, Set.of()::equals);
    }

    @Test
    void thePeerKeepsOurRoutesWhileWeRestart() throws Exception {
        Router router = router(2);
        router.start(usual().graceful(20));
        fyr.peer(router.host, THEIRS, Fyr.graceful(false, 20)).start();
        fyr.announce("10.1.0.0/24", "10.1.1.0/24");
        eventually(() -> router.knows("10.1.0.0/24") && router.knows("10.1.1.0/24"), known -> known);
        fyr.kill();
        eventually(() -> router.isUp(Lan.OWN_V4), up -> !up);
        assertThat(router.knows("10.1.0.0/24")).isTrue();
        assertThat(router.knows("10.1.1.0/24")).isTrue();
        fyr.peer(router.host, THEIRS, Fyr.graceful(true, 20))
                .deferral(Duration.ofSeconds(10))
                .start();
        fyr.announce("10.1.0.0/24");
        eventually(() -> router.isUp(Lan.OWN_V4), up -> up);
        assertThat(router.knows("10.1.0.0/24")).isTrue();
        eventually(() -> router.knows("10.1.1.0/24"), known -> !known);
        assertThat(router.knows("10.1.0.0/24")).isTrue();
        eventually(fyr::destinations, Set.of(V4, V6)::equals);
    }

    @Test
    void ourRoutesGoIfWeDoNotComeBack() throws Exception {
        Router router = router(2);
        router.start(usual().graceful(20));
        fyr.peer(router.host, THEIRS, Fyr.graceful(false, 3)).start();
        exchanged(router);
        fyr.kill();
        eventually(() -> router.isUp(Lan.OWN_V4), up -> !up);
        assertThat(router.knows("10.1.0.0/24")).isTrue();
        eventually(() -> router.knows("10.1.0.0/24") || router.knows("fd01::/64"), known -> !known);
    }

    @Test
    void anotherNumberThanExpectedIsNamed() throws Exception {
        Router router = router(2);
        router.start(usual());
        fyr.peer(router.host, 65009).start();
        eventually(() -> lastEnd(router), end -> end.contains("AS 65002"));
        assertThat(fyr.status(router.host).lastNotification().orElseThrow())
                .hasToString("OPEN Message Error: Bad Peer AS");
    }

    @Test
    void aPeerThatHangsIsGivenUp() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN).withHoldTime(3)).announcing(V4, V6));
        fyr.peer(router.host, THEIRS, session -> session.withHoldTime(3)).start();
        exchanged(router);
        router.freeze();
        eventually(fyr::destinations, Set.of()::equals);
        assertThat(fyr.log()).anyMatch(line -> line.contains("Hold Timer Expired"));
    }

    @Test
    void whyASessionEndsIsHeardByUs() throws Exception {
        Router router = beside(usual());
        exchanged(router);
        router.shutDown(Lan.OWN_V4, "new disks for you");
        eventually(() -> String.join("\n", fyr.log()), log -> log.contains("Shutdown \"new disks for you\""));
        eventually(fyr::destinations, Set.of()::equals);
    }

    @Test
    void whyASessionEndsIsHeardByThePeer() throws Exception {
        Router router = beside(usual());
        exchanged(router);
        fyr.stop("node is drained");
        eventually(() -> router.knows("10.1.0.0/24"), known -> !known);
        eventually(() -> said(router), text -> text.contains("node is drained"));
    }

    /** All that a router says about its session with us, and has said. */
    final String said(Router router) {
        return router.session(Lan.OWN_V4) + router.log();
    }

    @Test
    void whatIsToldAgainChangesNothing() throws Exception {
        Router router = beside(usual());
        exchanged(router);
        long before = fyr.status(router.host).messages();
        router.tellAgain(Lan.OWN_V4);
        eventually(() -> fyr.status(router.host).messages(), messages -> messages >= before + 2);
        assertThat(fyr.destinations()).containsExactly(V4, V6);
    }

    @Test
    void attributesSurviveBothWays() throws Exception {
        long large = 4_200_000_001L;
        Router router = router(2);
        router.start(Plan.of(large, Plan.with(Lan.OWN_V4, OWN))
                .announcing(new Plan.Announced(
                        V4, List.of("65002:7", "65002:8"), List.of("4200000001:1:2"), List.of("65002:99"))));
        fyr.peer(router.host, large).start();
        eventually(fyr::destinations, Set.of(V4)::equals);
        assertThat(fyr.route(V4).best().asPath()).hasToString("4200000001");
        assertThat(fyr.route(V4).best().communities()).containsExactly(Community.of(65002, 7), Community.of(65002, 8));
        assertThat(fyr.route(V4).best().largeCommunities()).containsExactly(LargeCommunity.of(large, 1, 2));
        assertThat(fyr.route(V4).best().extendedCommunities())
                .containsExactly(ExtendedCommunity.routeTarget(65002, 99));
        fyr.announce(
                Fyr.own()
                        .change()
                        .communities(List.of(Community.of(65001, 7), Community.of(65001, 8)))
                        .largeCommunities(List.of(LargeCommunity.of(large, 5, 6)))
                        .extendedCommunities(List.of(ExtendedCommunity.routeTarget(65001, 77)))
                        .build(),
                "10.1.0.0/24");
        eventually(() -> router.knows("10.1.0.0/24"), known -> known);
        assertThat(router.heard("10.1.0.0/24")).singleElement().satisfies(heard -> {
            assertThat(heard.communities()).containsExactly("65001:7", "65001:8");
            assertThat(heard.large()).containsExactly("4200000001:5:6");
            assertThat(heard.targets()).containsExactly("65001:77");
        });
    }

    @Test
    void aLargeNumberOfOurs() throws Exception {
        fyr = new Fyr(4_200_000_002L);
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, 4_200_000_002L)).announcing(V4, V6));
        fyr.peer(router.host, THEIRS).start();
        exchanged(router);
        assertThat(router.heard("10.1.0.0/24"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.asPath()).isEqualTo("4200000002"));
    }

    /** RFC 8950. */
    @Test
    void ipv4RoutesHaveIpv6NextHops() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V6, OWN).withExtendedNextHop())
                .announcing(V4, V6));
        fyr.peer(PeerAddress.of(router.host.v6()), THEIRS, UnaryOperator.identity(), UnaryOperator.identity())
                .start();
        exchanged(router);
        assertThat(fyr.route(V4).via()).containsExactly(PeerAddress.of(router.host.v6()));
        assertThat(router.heard("10.1.0.0/24"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.nextHops()).contains("fd77::1"));
    }

    @Test
    void aLinkLocalPeer() throws Exception {
        Router router = router(2);
        router.start(Plan.of(
                        THEIRS, Plan.with(Lan.OWN_LINK_LOCAL + "%eth0", OWN).withExtendedNextHop())
                .announcing(V4, V6));
        PeerAddress peer = new PeerAddress(router.host.linkLocal(), Optional.of(Lan.BRIDGE));
        fyr.peer(peer, THEIRS, UnaryOperator.identity(), UnaryOperator.identity())
                .start();
        exchanged(router);
        assertThat(fyr.route(V6).via()).containsExactly(peer);
        assertThat(fyr.route(V4).via()).containsExactly(peer);
        assertThat(router.heard("fd01::/64"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.nextHops()).contains("fe80::1"));
        assertThat(router.heard("10.1.0.0/24"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.nextHops()).contains("fe80::1"));
    }

    @Test
    void weReflectBetweenClients() throws Exception {
        Router one = router(2);
        Router two = router(3);
        one.start(Plan.of(OWN, Plan.with(Lan.OWN_V4, OWN)).announcing(V4, V6));
        two.start(Plan.of(OWN, Plan.with(Lan.OWN_V4, OWN)));
        for (Router each : List.of(one, two)) {
            fyr.peer(PeerAddress.of(each.host.v4()), OWN, UnaryOperator.identity(), peer -> peer.withClient(true));
        }
        fyr.start();
        eventually(() -> two.knows(V4) && two.knows(V6), known -> known);
        assertThat(two.heard(V4)).singleElement().satisfies(heard -> {
            assertThat(heard.asPath()).isEmpty();
            assertThat(heard.originator()).isEqualTo("10.77.0.2");
            assertThat(heard.clusters()).isEqualTo("10.77.0.1");
            assertThat(heard.nextHops()).containsExactly("10.77.0.2");
        });
        assertThat(one.knows(V4) && one.isUp(Lan.OWN_V4)).isFalse();
    }

    @Test
    void thePeerReflectsToUs() throws Exception {
        Router reflector = router(2);
        Router other = router(3);
        reflector.start(Plan.of(
                OWN,
                Plan.with(Lan.OWN_V4, OWN).withClient(),
                Plan.with(other.host.v4(), OWN).withClient()));
        other.start(Plan.of(OWN, Plan.with(reflector.host.v4(), OWN)).announcing(V4, V6));
        fyr.peer(reflector.host, OWN).start();
        exchangedWith(other);
        assertThat(fyr.route(V4).best().originatorId()).contains(other.host.v4());
        assertThat(fyr.route(V4).best().clusterList()).containsExactly(reflector.host.v4());
        assertThat(fyr.route(V4).via()).containsExactly(PeerAddress.of(other.host.v4()));
        assertThat(other.heard("10.1.0.0/24"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.originator()).isEqualTo("10.77.0.1"));
    }

    private void exchangedWith(Router other) throws Exception {
        fyr.announce("10.1.0.0/24");
        eventually(fyr::destinations, Set.of(V4, V6)::equals);
        eventually(() -> other.knows("10.1.0.0/24"), known -> known);
    }

    /** Two routers announce the same; the third is told both paths. */
    @Test
    void severalPathsAreTold() throws Exception {
        Router one = router(2);
        Router two = router(3);
        Router third = router(4);
        one.start(Plan.of(65002, Plan.with(Lan.OWN_V4, OWN)).announcing(V4));
        two.start(Plan.of(65003, Plan.with(Lan.OWN_V4, OWN)).announcing(V4));
        third.start(Plan.of(65004, Plan.with(Lan.OWN_V4, OWN).withAddPath()));
        fyr.peer(one.host, 65002)
                .peer(two.host, 65003)
                .peer(third.host, 65004, session -> session.withPaths(BOTH, BOTH))
                .start();
        eventually(() -> third.heard(V4), heard -> heard.size() == 2);
        assertThat(third.heard(V4).stream().map(Heard::asPath)).containsExactlyInAnyOrder("65001 65002", "65001 65003");
        one.kill();
        eventually(() -> third.heard(V4), heard -> heard.size() == 1);
        assertThat(third.heard(V4).getFirst().asPath()).isEqualTo("65001 65003");
    }

    /** The router hears two paths from others and tells both. */
    @Test
    void severalPathsAreHeard() throws Exception {
        Router one = router(2);
        Router two = router(3);
        Router third = router(4);
        one.start(Plan.of(65002, Plan.with(third.host.v4(), 65004)).announcing(V4));
        two.start(Plan.of(65003, Plan.with(third.host.v4(), 65004)).announcing(V4));
        third.start(Plan.of(
                65004,
                Plan.with(one.host.v4(), 65002),
                Plan.with(two.host.v4(), 65003),
                Plan.with(Lan.OWN_V4, OWN).withAddPath()));
        fyr.peer(third.host, 65004, session -> session.withPaths(BOTH, BOTH)).start();
        eventually(() -> fyr.status(third.host).received().getOrDefault(Family.IPV4, 0), paths -> paths == 2);
        eventually(
                () -> Set.copyOf(fyr.route(V4).via()), Set.copyOf(List.of(hop(one, third), hop(two, third)))::equals);
        one.kill();
        eventually(() -> Set.copyOf(fyr.route(V4).via()), Set.of(hop(two, third))::equals);
        assertThat(fyr.route(V4).best().asPath()).hasToString("65004 65003");
    }

    /** Most routers keep the next hop of a third one on the same link (RFC 4271 section 5.1.3). */
    PeerAddress hop(Router announcing, Router between) {
        return PeerAddress.of(announcing.host.v4());
    }

    @Test
    void twoConnectionsThatAreMadeAtOnceAreOneSession() throws Exception {
        Router router = router(2);
        router.start(usual());
        // Whoever is first, there is one session, and it stays.
        for (int round = 0; round < 5; round++) {
            fyr.peer(router.host, THEIRS).start();
            exchanged(router);
            assertThat(router.isUp(Lan.OWN_V4)).isTrue();
            fyr.kill();
            eventually(() -> router.isUp(Lan.OWN_V4), up -> !up);
        }
    }

    @Test
    void onlyThePeerConnects() throws Exception {
        Router router = router(2);
        router.start(usual());
        fyr.peer(router.host, THEIRS, session -> session.withPassive(true)).start();
        exchanged(router);
    }

    @Test
    void onlyWeConnect() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN).withPassive()).announcing(V4, V6));
        fyr.peer(router.host, THEIRS).start();
        exchanged(router);
    }

    @Test
    void thePeerAnnouncesTooMuch() throws Exception {
        Router router = router(2);
        router.start(usual().announcing("10.2.0.0/24", "10.2.1.0/24", "10.2.2.0/24"));
        fyr.peer(PeerAddress.of(router.host.v4()), THEIRS, UnaryOperator.identity(), peer -> peer.withMostPrefixes(2))
                .start();
        eventually(() -> lastEnd(router), end -> end.contains("more than 2 prefixes"));
        eventually(fyr::destinations, Set.of()::equals);
        eventually(() -> said(router), text -> text.matches("(?is).*max(imum)?( number of)?[ -]prefix.*"));
    }

    @Test
    void weAnnounceTooMuch() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN).withLimit(2)).announcing(V4));
        fyr.peer(router.host, THEIRS).start();
        fyr.announce("10.1.0.0/24", "10.1.1.0/24");
        eventually(() -> router.knows("10.1.0.0/24") && router.knows("10.1.1.0/24"), known -> known);
        fyr.announce("10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24");
        eventually(() -> String.join("\n", fyr.log()), log -> log.contains("Maximum Number of Prefixes"));
    }

    /** One path with more than 4096 bytes of communities. */
    @Test
    void longMessages() throws Exception {
        Router router = beside(usual());
        List<LargeCommunity> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(LargeCommunity.of(65001, 1, i));
        }
        fyr.announce(Fyr.own().change().largeCommunities(many).build(), "10.1.0.0/24");
        eventually(() -> router.knows("10.1.0.0/24"), known -> known);
        assertThat(router.hasLargeCommunities("10.1.0.0/24", 500)).isTrue();
    }
}
