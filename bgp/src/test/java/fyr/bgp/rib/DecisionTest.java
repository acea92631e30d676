package fyr.bgp.rib;

import static fyr.bgp.rib.Ribs.OWN;
import static fyr.bgp.rib.Ribs.path;
import static fyr.bgp.rib.Ribs.source;
import static fyr.bgp.rib.Ribs.through;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.path.Community;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each step of the choice between paths. */
class DecisionTest {

    private static final Source ONE = source(1, Source.Kind.EXTERNAL, 65001);
    private static final Source TWO = source(2, Source.Kind.EXTERNAL, 65002);
    private static final Source TWIN = source(3, Source.Kind.EXTERNAL, 65001);
    private static final Source INTERNAL = source(4, Source.Kind.INTERNAL, 64512);
    private static final Source OTHER_INTERNAL = source(5, Source.Kind.INTERNAL, 64512);

    private static List<Path> best(int most, Path... paths) {
        Destination destination = new Destination(10L << 56, 0, 8, 0);
        List.of(paths).forEach(destination::put);
        return List.of(new Decision(most).best(destination));
    }

    /** The first is chosen alone, although the second would be by all steps that follow. */
    private static void firstWins(Path winner, Path loser) {
        assertThat(best(1, winner, loser)).containsExactly(winner);
        assertThat(best(1, loser, winner)).containsExactly(winner);
    }

    private static void firstWinsAndIsNotJoined(Path winner, Path loser) {
        firstWins(winner, loser);
        assertThat(best(8, winner, loser)).containsExactly(winner);
    }

    @Test
    void noneWithoutUsablePath() {
        PathAttributes rejected = through(65001).build();
        assertThat(best(8, new Path(ONE, 0, 1, rejected, null))).isEmpty();
        assertThat(best(8)).isEmpty();
    }

    @Test
    void aRejectedPathIsNeverChosen() {
        PathAttributes rejected = through(65001).build();
        Path usable = path(TWO, through(65002, 65003));
        assertThat(best(8, new Path(ONE, 0, 1, rejected, null), usable)).containsExactly(usable);
    }

    /** RFC 9494 section 4.3. */
    @Test
    void longStaleLosesToEverything() {
        firstWinsAndIsNotJoined(
                path(TWO, through(65002, 65003, 65004).localPref(1)),
                path(ONE, through(65001).localPref(500).communities(List.of(Community.LLGR_STALE))));
    }

    @Test
    void ownWinsWhateverThePreference() {
        firstWinsAndIsNotJoined(
                path(OWN, through().localPref(1)), path(INTERNAL, through().localPref(500)));
    }

    @Test
    void higherPreferenceWins() {
        firstWinsAndIsNotJoined(
                path(TWO, through(65002, 65003).localPref(101)),
                path(ONE, through(65001).localPref(100)));
    }

    @Test
    void noPreferenceIsTheUsualOne() {
        firstWinsAndIsNotJoined(
                path(TWO, through(65002, 65003)), path(ONE, through(65001).localPref(99)));
        firstWinsAndIsNotJoined(path(TWO, through(65002, 65003).localPref(101)), path(ONE, through(65001)));
    }

    @Test
    void shorterPathWins() {
        firstWinsAndIsNotJoined(path(TWO, through(65002).origin(Origin.INCOMPLETE)), path(ONE, through(65001, 65003)));
    }

    @Test
    void lowerOriginWins() {
        firstWinsAndIsNotJoined(
                path(TWO, through(65002).origin(Origin.IGP)),
                path(ONE, through(65001).origin(Origin.EGP)));
        firstWinsAndIsNotJoined(
                path(TWO, through(65002).origin(Origin.EGP)),
                path(ONE, through(65001).origin(Origin.INCOMPLETE)));
    }

    @Test
    void lowerExitOfOneNeighborWins() {
        firstWinsAndIsNotJoined(
                path(TWIN, through(65001).multiExitDisc(5)),
                path(ONE, through(65001).multiExitDisc(6)));
    }

    @Test
    void noExitIsTheLowest() {
        firstWinsAndIsNotJoined(
                path(TWIN, through(65001)), path(ONE, through(65001).multiExitDisc(1)));
    }

    @Test
    void exitsOfDifferentNeighborsAreNotCompared() {
        firstWins(
                path(ONE, through(65001).multiExitDisc(9)),
                path(TWO, through(65002).multiExitDisc(1)));
    }

    /** RFC 3345: with a comparison of two at a time, the result would depend on the order. */
    @Test
    void exitsAreComparedInGroupsFirst() {
        Path worse = path(ONE, through(65001).multiExitDisc(9));
        Path other = path(TWO, through(65002));
        Path better = path(TWIN, through(65001).multiExitDisc(1));
        assertThat(best(1, worse, other, better)).containsExactly(other);
        assertThat(best(8, worse, other, better)).containsExactly(other, better);
    }

    @Test
    void externalWinsOverInternal() {
        firstWinsAndIsNotJoined(path(TWO, through(65002)), path(INTERNAL, through(65009)));
    }

    @Test
    void lowerRouterWins() {
        firstWins(path(ONE, through(65001)), path(TWO, through(65002)));
    }

    @Test
    void theRouterOfAReflectedPathIsItsOriginator() {
        Path reflected = path(OTHER_INTERNAL, through(65009).originatorId(Optional.of(Ipv4Address.parse("10.0.0.9"))));
        firstWins(reflected, path(INTERNAL, through(65009)));
    }

    /** RFC 4456 section 9. */
    @Test
    void fewerClustersWin() {
        Ipv4Address originator = Ipv4Address.parse("10.0.0.9");
        Ipv4Address cluster = Ipv4Address.parse("10.0.0.8");
        firstWins(
                path(
                        OTHER_INTERNAL,
                        through(65009).originatorId(Optional.of(originator)).clusterList(List.of(cluster))),
                path(
                        INTERNAL,
                        through(65009).originatorId(Optional.of(originator)).clusterList(List.of(cluster, cluster))));
    }

    @Test
    void lowerAddressWins() {
        Ipv4Address router = Ipv4Address.parse("10.0.0.9");
        Source low = new Source(8, Source.Kind.EXTERNAL, 65001, router, Ipv4Address.parse("10.0.1.1"));
        Source high = new Source(7, Source.Kind.EXTERNAL, 65001, router, Ipv4Address.parse("10.0.1.2"));
        firstWins(path(low, through(65001)), path(high, through(65001)));
    }

    @Test
    void lowerIdentifierOfOnePeerWins() {
        PathAttributes attributes = through(65001).build();
        firstWins(new Path(ONE, 1, 1, attributes, attributes), new Path(ONE, 0x80000000, 2, attributes, attributes));
    }

    @Test
    void equalPathsAreUsedTogetherUpToTheMost() {
        Path one = path(ONE, through(65001));
        Path two = path(TWO, through(65002));
        Path twin = path(TWIN, through(65001));
        assertThat(best(8, twin, two, one)).containsExactly(one, two, twin);
        assertThat(best(2, twin, two, one)).containsExactly(one, two);
        assertThat(best(1, twin, two, one)).containsExactly(one);
    }

    @Test
    void theOrderInWhichPathsComePlaysNoRole() {
        List<Path> paths = new ArrayList<>(List.of(
                path(ONE, through(65001).multiExitDisc(2)),
                path(TWO, through(65002)),
                path(TWIN, through(65001).multiExitDisc(1)),
                path(INTERNAL, through(65009)),
                path(OTHER_INTERNAL, through(65001).multiExitDisc(0))));
        List<Path> expected = best(8, paths.toArray(Path[]::new));
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            Collections.shuffle(paths, random);
            assertThat(best(8, paths.toArray(Path[]::new))).isEqualTo(expected);
        }
    }
}
