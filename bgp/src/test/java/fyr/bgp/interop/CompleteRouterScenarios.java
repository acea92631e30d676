package fyr.bgp.interop;

import static fyr.bgp.interop.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.Role;
import org.junit.jupiter.api.Test;

/** What happens between the speaker and a router that knows roles (RFC 9234) and asks for routes again (RFC 2918). */
abstract class CompleteRouterScenarios extends RouterScenarios {

    @Test
    void roles() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN).withRole(Role.CUSTOMER))
                .announcing(V4, V6));
        fyr.peer(router.host, THEIRS, session -> session.withRole(Role.PROVIDER, true))
                .start();
        exchanged(router);
        assertThat(router.heard("10.1.0.0/24"))
                .singleElement()
                .satisfies(heard -> assertThat(heard.onlyToCustomer()).isEqualTo("65001"));
    }

    @Test
    void rolesThatDoNotFit() throws Exception {
        Router router = router(2);
        router.start(Plan.of(THEIRS, Plan.with(Lan.OWN_V4, OWN).withRole(Role.CUSTOMER))
                .announcing(V4, V6));
        fyr.peer(router.host, THEIRS, session -> session.withRole(Role.CUSTOMER, true))
                .start();
        eventually(() -> lastEnd(router), end -> end.contains("Role Mismatch"));
    }

    @Test
    void thePeerHearsEverythingAgainIfItAsks() throws Exception {
        Router router = beside(usual());
        exchanged(router);
        long before = router.updatesFrom(Lan.OWN_V4);
        router.askAgain(Lan.OWN_V4);
        eventually(() -> router.updatesFrom(Lan.OWN_V4), updates -> updates >= before + 2);
        assertThat(router.isUp(Lan.OWN_V4)).isTrue();
        assertThat(router.knows("10.1.0.0/24") && router.knows("fd01::/64")).isTrue();
    }
}
