package fyr.bgp.rib;

import static fyr.bgp.rib.Ribs.LOCAL;
import static fyr.bgp.rib.Ribs.NODE;
import static fyr.bgp.rib.Ribs.OWN;
import static fyr.bgp.rib.Ribs.SELF;
import static fyr.bgp.rib.Ribs.external;
import static fyr.bgp.rib.Ribs.internal;
import static fyr.bgp.rib.Ribs.path;
import static fyr.bgp.rib.Ribs.source;
import static fyr.bgp.rib.Ribs.through;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.filter.Filter;
import fyr.bgp.message.Role;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What peers are told about a path. */
class ExportRulesTest {

    private static final Source FAR = source(7, Source.Kind.EXTERNAL, 65007);
    private static final Source CLIENT = source(2, Source.Kind.CLIENT, 64512);
    private static final Source INTERNAL = source(3, Source.Kind.INTERNAL, 64512);

    private static Optional<PathAttributes> told(Neighbor to, Path path) {
        return new ExportRules(LOCAL, to).told(path, Family.IPV4);
    }

    private static Path own() {
        return path(OWN, PathAttributes.of(Origin.IGP, AsPath.of()));
    }

    @Test
    void nobodyIsToldItsOwnPath() {
        Neighbor neighbor = external(65001);
        assertThat(told(neighbor, path(neighbor.source(), through(65001)))).isEmpty();
    }

    @Test
    void anExternalPeerIsToldThisNode() {
        PathAttributes told = told(
                        external(65001), path(FAR, through(65007).localPref(200).multiExitDisc(5)))
                .orElseThrow();
        assertThat(told.asPath()).hasToString("64512 65007");
        assertThat(told.nextHop()).contains(SELF);
        assertThat(told.localPref()).isEmpty();
        assertThat(told.multiExitDisc()).isEmpty();
    }

    @Test
    void theExitOfOwnPathsIsTold() {
        assertThat(told(external(65001), path(OWN, through().multiExitDisc(5)))
                        .orElseThrow()
                        .multiExitDisc())
                .hasValue(5);
    }

    @Test
    void whatCannotBeReachedThroughThisNodeIsNotTold() {
        assertThat(new ExportRules(LOCAL, external(65001)).told(own(), Family.IPV6))
                .isEmpty();
    }

    @Test
    void aSystemIsNotToldPathsThroughItself() {
        assertThat(told(external(65001), path(FAR, through(65007, 65001)))).isEmpty();
    }

    @Test
    void noAdvertiseIsForNobody() {
        Path path = path(FAR, through(65007).communities(List.of(Community.NO_ADVERTISE)));
        assertThat(told(external(65001), path)).isEmpty();
        assertThat(told(internal(Source.Kind.INTERNAL), path)).isEmpty();
    }

    @Test
    void noExportStaysInTheSystem() {
        for (Community community : List.of(Community.NO_EXPORT, Community.NO_EXPORT_SUBCONFED)) {
            Path path = path(FAR, through(65007).communities(List.of(community)));
            assertThat(told(external(65001), path)).isEmpty();
            assertThat(told(internal(Source.Kind.INTERNAL), path)).isPresent();
        }
    }

    /** RFC 1997 is about routes that were received; a node that announces a route with them tells its peers not to pass it on. */
    @Test
    void ownPathsMaySayThatTheyAreNotToBePassedOn() {
        for (Community community :
                List.of(Community.NO_EXPORT, Community.NO_EXPORT_SUBCONFED, Community.NO_ADVERTISE)) {
            Path path = path(OWN, through().communities(List.of(community)));
            assertThat(told(external(65001), path).orElseThrow().communities()).containsExactly(community);
            assertThat(told(internal(Source.Kind.INTERNAL), path)).isPresent();
        }
    }

    /** RFC 9494 section 4.3. */
    @Test
    void longStaleIsForThoseWhoKnowIt() {
        Path path = path(FAR, through(65007).communities(List.of(Community.LLGR_STALE)));
        assertThat(told(external(65001), path)).isEmpty();
        Neighbor knows = new Neighbor(
                source(9, Source.Kind.EXTERNAL, 65001),
                Optional.empty(),
                Filter.ACCEPT,
                Filter.ACCEPT,
                Map.of(Family.IPV4, SELF),
                false,
                Set.of(),
                true);
        assertThat(told(knows, path)).isPresent();
    }

    /** RFC 9234 section 5. */
    @Test
    void onlyToCustomerGoesDownOnly() {
        Path path = path(FAR, through(65007).onlyToCustomer(65007));
        for (Role own : List.of(Role.CUSTOMER, Role.PEER, Role.ROUTE_SERVER_CLIENT)) {
            assertThat(told(external(65001, own), path)).as("as %s", own).isEmpty();
        }
        for (Role own : List.of(Role.PROVIDER, Role.ROUTE_SERVER)) {
            assertThat(told(external(65001, own), path).orElseThrow().onlyToCustomer())
                    .as("as %s", own)
                    .hasValue(65007);
        }
    }

    @Test
    void onlyToCustomerIsAddedDownwardsAndToPeers() {
        for (Role own : List.of(Role.PROVIDER, Role.PEER, Role.ROUTE_SERVER)) {
            assertThat(told(external(65001, own), own()).orElseThrow().onlyToCustomer())
                    .as("as %s", own)
                    .hasValue(64512);
        }
        for (Role own : List.of(Role.CUSTOMER, Role.ROUTE_SERVER_CLIENT)) {
            assertThat(told(external(65001, own), own()).orElseThrow().onlyToCustomer())
                    .as("as %s", own)
                    .isEmpty();
        }
        assertThat(told(external(65001), own()).orElseThrow().onlyToCustomer()).isEmpty();
    }

    @Test
    void whatReflectorsAddedStaysInTheSystem() {
        PathAttributes told = told(
                        external(65001),
                        path(
                                CLIENT,
                                through(65007).originatorId(Optional.of(NODE)).clusterList(List.of(NODE))))
                .orElseThrow();
        assertThat(told.originatorId()).isEmpty();
        assertThat(told.clusterList()).isEmpty();
    }

    /** RFC 4456 section 6. */
    @Test
    void reflectionIsToAndFromClients() {
        assertThat(told(internal(Source.Kind.INTERNAL), path(INTERNAL, through())))
                .isEmpty();
        assertThat(told(internal(Source.Kind.CLIENT), path(INTERNAL, through())))
                .isPresent();
        assertThat(told(internal(Source.Kind.INTERNAL), path(CLIENT, through())))
                .isPresent();
        assertThat(told(internal(Source.Kind.CLIENT), path(CLIENT, through()))).isPresent();
    }

    /** RFC 4456 section 8. */
    @Test
    void aReflectedPathNamesOriginatorAndCluster() {
        PathAttributes told = told(
                        internal(Source.Kind.CLIENT), path(CLIENT, through().localPref(7)))
                .orElseThrow();
        assertThat(told.originatorId()).contains(CLIENT.routerId());
        assertThat(told.clusterList()).containsExactly(NODE);
        assertThat(told.localPref()).hasValue(7);
        assertThat(told.nextHop()).contains(NextHop.of(IpAddress.parse("10.0.1.7")));
        assertThat(told.asPath().length()).isZero();
    }

    @Test
    void aPathThatWasReflectedBeforeKeepsItsOriginator() {
        Ipv4Address originator = Ipv4Address.parse("10.0.0.8");
        Ipv4Address cluster = Ipv4Address.parse("10.0.0.7");
        PathAttributes told = told(
                        internal(Source.Kind.CLIENT),
                        path(
                                CLIENT,
                                through().originatorId(Optional.of(originator)).clusterList(List.of(cluster))))
                .orElseThrow();
        assertThat(told.originatorId()).contains(originator);
        assertThat(told.clusterList()).containsExactly(NODE, cluster);
    }

    @Test
    void theOriginatorIsNotToldItsPath() {
        Neighbor originator = internal(Source.Kind.CLIENT);
        Path path = path(
                CLIENT, through().originatorId(Optional.of(originator.source().routerId())));
        assertThat(told(originator, path)).isEmpty();
    }

    @Test
    void internalPeersAreToldExternalPathsAsTheyAre() {
        PathAttributes told = told(
                        internal(Source.Kind.INTERNAL), path(FAR, through(65007).multiExitDisc(5)))
                .orElseThrow();
        assertThat(told.asPath()).hasToString("65007");
        assertThat(told.nextHop()).contains(NextHop.of(IpAddress.parse("10.0.1.7")));
        assertThat(told.localPref()).hasValue(100);
        assertThat(told.multiExitDisc()).hasValue(5);
    }

    @Test
    void theNextHopIsThisNodeIfItIsToBe() {
        Neighbor neighbor = new Neighbor(
                source(9, Source.Kind.INTERNAL, 64512),
                Optional.empty(),
                Filter.ACCEPT,
                Filter.ACCEPT,
                Map.of(Family.IPV4, SELF),
                true,
                Set.of(),
                false);
        assertThat(told(neighbor, path(FAR, through(65007))).orElseThrow().nextHop())
                .contains(SELF);
    }

    @Test
    void ownPathsLeadToThisNode() {
        assertThat(told(internal(Source.Kind.INTERNAL), own()).orElseThrow().nextHop())
                .contains(SELF);
        assertThat(told(external(65001), own()).orElseThrow().asPath()).hasToString("64512");
    }
}
