package fyr.bgp.rib;

import static fyr.bgp.rib.Ribs.LOCAL;
import static fyr.bgp.rib.Ribs.NODE;
import static fyr.bgp.rib.Ribs.SELF;
import static fyr.bgp.rib.Ribs.external;
import static fyr.bgp.rib.Ribs.internal;
import static fyr.bgp.rib.Ribs.through;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.Role;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which paths of peers may be used, and how they are seen. */
class ImportRulesTest {

    private static Optional<String> fault(Neighbor from, AttributesBuilder attributes) {
        return new ImportRules(LOCAL, from).fault(attributes.build());
    }

    private static PathAttributes seen(Neighbor from, AttributesBuilder attributes) {
        return new ImportRules(LOCAL, from).seen(attributes.build());
    }

    @Test
    void theUsualPathIsUsed() {
        assertThat(fault(external(65001), through(65001, 65002))).isEmpty();
        assertThat(fault(internal(Source.Kind.INTERNAL), through())).isEmpty();
    }

    @Test
    void theOwnSystemInThePathIsALoop() {
        assertThat(fault(external(65001), through(65001, 64512)))
                .hasValueSatisfying(text -> assertThat(text).contains("64512"));
        assertThat(fault(internal(Source.Kind.INTERNAL), through(65001, 64512))).isPresent();
    }

    /** RFC 4456 section 8. */
    @Test
    void whatThisNodeOriginatedIsALoop() {
        assertThat(fault(internal(Source.Kind.INTERNAL), through().originatorId(Optional.of(NODE))))
                .isPresent();
        assertThat(fault(
                        internal(Source.Kind.INTERNAL),
                        through().originatorId(Optional.of(Ipv4Address.parse("10.0.0.9")))))
                .isEmpty();
    }

    @Test
    void whatPassedTheOwnClusterIsALoop() {
        assertThat(fault(internal(Source.Kind.CLIENT), through().clusterList(List.of(NODE))))
                .isPresent();
    }

    @Test
    void aPathToThisNodeItselfLeadsNowhere() {
        assertThat(fault(external(65001), through(65001).nextHop(SELF))).isPresent();
    }

    @Test
    void anExternalPathBeginsWithThePeer() {
        assertThat(fault(external(65001), through(65002))).isPresent();
        assertThat(fault(external(65001), through())).isPresent();
    }

    /** RFC 7947 section 2.2.2.1: a route server does not put itself in front. */
    @Test
    void aRouteServerIsNotInItsPaths() {
        assertThat(fault(external(65001, Role.ROUTE_SERVER_CLIENT), through(65002)))
                .isEmpty();
    }

    /** RFC 9234 section 5: a customer or a client of the route server has no business with routes that are only for customers. */
    @Test
    void onlyToCustomerFromBelowIsALeak() {
        for (Role own : List.of(Role.PROVIDER, Role.ROUTE_SERVER)) {
            assertThat(fault(external(65001, own), through(65001).onlyToCustomer(65001)))
                    .isPresent();
            assertThat(fault(external(65001, own), through(65001))).isEmpty();
        }
    }

    @Test
    void onlyToCustomerFromAPeerIsALeakUnlessItIsItsOwn() {
        assertThat(fault(external(65001, Role.PEER), through(65001).onlyToCustomer(65009)))
                .isPresent();
        assertThat(fault(external(65001, Role.PEER), through(65001).onlyToCustomer(65001)))
                .isEmpty();
    }

    @Test
    void onlyToCustomerFromAboveIsAsItShouldBe() {
        for (Role own : List.of(Role.CUSTOMER, Role.ROUTE_SERVER_CLIENT)) {
            assertThat(fault(external(65001, own), through(65001).onlyToCustomer(65009)))
                    .isEmpty();
        }
    }

    @Test
    void onlyToCustomerIsAddedToWhatComesFromAboveOrBeside() {
        for (Role own : List.of(Role.CUSTOMER, Role.PEER, Role.ROUTE_SERVER_CLIENT)) {
            assertThat(seen(external(65001, own), through(65001)).onlyToCustomer())
                    .hasValue(65001);
        }
        for (Role own : List.of(Role.PROVIDER, Role.ROUTE_SERVER)) {
            assertThat(seen(external(65001, own), through(65001)).onlyToCustomer())
                    .isEmpty();
        }
        assertThat(seen(external(65001), through(65001)).onlyToCustomer()).isEmpty();
    }

    @Test
    void onlyToCustomerThatIsThereStays() {
        assertThat(seen(external(65001, Role.CUSTOMER), through(65001).onlyToCustomer(65009))
                        .onlyToCustomer())
                .hasValue(65009);
    }

    @Test
    void externalPathsGetThePreference() {
        assertThat(seen(external(65001), through(65001)).localPref()).hasValue(100);
    }

    @Test
    void thePreferenceOfInternalPeersStays() {
        assertThat(seen(internal(Source.Kind.INTERNAL), through().localPref(7)).localPref())
                .hasValue(7);
    }

    /** RFC 8326 section 4. */
    @Test
    void whatIsShutDownGracefullyIsTheLastChoice() {
        AttributesBuilder leaving = through(65001).communities(List.of(Community.GRACEFUL_SHUTDOWN));
        assertThat(seen(external(65001), leaving).localPref()).hasValue(0);
    }
}
