package fyr.bgp.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.path.AsPath;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Rules about paths: which they are about, which one decides, and what becomes of a path. */
class FilterTest {

    private static final Prefix PREFIX = Prefix.parse("10.1.2.0/24");
    private static final Community RED = Community.of(64512, 1);
    private static final Community BLUE = Community.of(64512, 2);
    private static final LargeCommunity LARGE = LargeCommunity.of(64512, 1, 2);
    private static final PathAttributes PATH = PathAttributes.of(Origin.IGP, AsPath.of(65001, 65002))
            .communities(List.of(RED))
            .largeCommunities(List.of(LARGE))
            .build();

    private static Match communities(Community... any) {
        return new Match(List.of(), List.of(any), List.of(), List.of(), OptionalLong.empty());
    }

    private static Changes preference(long localPref) {
        return new Changes(
                OptionalLong.of(localPref), OptionalLong.empty(), 0, List.of(), List.of(), List.of(), List.of());
    }

    private static PathAttributes changed(Changes changes) {
        return changes.apply(PATH, 64512);
    }

    @Test
    void withoutRulesTheRestDecides() {
        assertThat(Filter.ACCEPT.apply(PREFIX, PATH, 64512)).containsSame(PATH);
        assertThat(Filter.REJECT.apply(PREFIX, PATH, 64512)).isEmpty();
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        Filter filter = new Filter(
                List.of(
                        new Rule.Reject(communities(BLUE)),
                        new Rule.Accept(communities(RED), preference(7)),
                        new Rule.Reject(Match.ALL)),
                true);
        assertThat(filter.apply(PREFIX, PATH, 64512)
                        .flatMap(path -> path.localPref().isPresent()
                                ? Optional.of(path.localPref().getAsLong())
                                : Optional.empty()))
                .contains(7L);
        PathAttributes blue = PATH.change().add(BLUE).build();
        assertThat(filter.apply(PREFIX, blue, 64512)).isEmpty();
        PathAttributes plain = PATH.change().communities(List.of()).build();
        assertThat(filter.apply(PREFIX, plain, 64512)).isEmpty();
    }

    @Test
    void everyConditionMustHoldAndOneOfEachList() {
        Match match = new Match(
                List.of(PrefixRange.within(Prefix.parse("10.1.0.0/16"))),
                List.of(BLUE, RED),
                List.of(LARGE),
                List.of(65001L),
                OptionalLong.of(65002));
        assertThat(match.matches(PREFIX, PATH)).isTrue();
        assertThat(match.matches(Prefix.parse("10.2.2.0/24"), PATH)).isFalse();
        assertThat(match.matches(PREFIX, PATH.change().communities(List.of()).build()))
                .isFalse();
        assertThat(match.matches(
                        PREFIX, PATH.change().largeCommunities(List.of()).build()))
                .isFalse();
        assertThat(match.matches(
                        PREFIX, PATH.change().asPath(AsPath.of(65003, 65002)).build()))
                .isFalse();
        assertThat(match.matches(
                        PREFIX, PATH.change().asPath(AsPath.of(65001, 65003)).build()))
                .isFalse();
    }

    @Test
    void aRangeHasABlockAndLengths() {
        PrefixRange range = new PrefixRange(Prefix.parse("10.1.0.0/16"), 20, 24);
        assertThat(range.contains(Prefix.parse("10.1.16.0/20"))).isTrue();
        assertThat(range.contains(Prefix.parse("10.1.2.0/24"))).isTrue();
        assertThat(range.contains(Prefix.parse("10.1.0.0/16"))).isFalse();
        assertThat(range.contains(Prefix.parse("10.1.2.0/25"))).isFalse();
        assertThat(range.contains(Prefix.parse("10.2.0.0/24"))).isFalse();
        assertThat(range.contains(Prefix.parse("10.0.0.0/8"))).isFalse();
        assertThat(range.contains(Prefix.parse("a01::/20"))).isFalse();
        assertThat(range).hasToString("10.1.0.0/16 20..24");
    }

    @Test
    void exactlyIsTheBlockAlone() {
        PrefixRange range = PrefixRange.exactly(Prefix.parse("10.1.0.0/16"));
        assertThat(range.contains(Prefix.parse("10.1.0.0/16"))).isTrue();
        assertThat(range.contains(Prefix.parse("10.1.0.0/17"))).isFalse();
        assertThat(range).hasToString("10.1.0.0/16");
    }

    @Test
    void aRangeWithoutPrefixesIsNone() {
        Prefix block = Prefix.parse("10.1.0.0/16");
        assertThatThrownBy(() -> new PrefixRange(block, 15, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PrefixRange(block, 24, 20)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PrefixRange(block, 16, 33)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFilterThatKnowsNoPrefixesDoesNotLookAtThem() {
        assertThat(new Filter(List.of(new Rule.Reject(communities(RED))), true).looksAtPrefixes())
                .isFalse();
        assertThat(new Filter(List.of(new Rule.Reject(Match.of(List.of(PrefixRange.exactly(PREFIX))))), true)
                        .looksAtPrefixes())
                .isTrue();
    }

    @Test
    void noChangesAreTheSamePath() {
        assertThat(changed(Changes.NONE)).isSameAs(PATH);
    }

    @Test
    void preferenceAndExitAreSet() {
        Changes changes = new Changes(
                OptionalLong.of(7), OptionalLong.of(4_294_967_295L), 0, List.of(), List.of(), List.of(), List.of());
        assertThat(changed(changes).localPref()).hasValue(7);
        assertThat(changed(changes).multiExitDisc()).hasValue(4_294_967_295L);
    }

    @Test
    void theOwnSystemIsPutInFrontSeveralTimes() {
        Changes changes =
                new Changes(OptionalLong.empty(), OptionalLong.empty(), 2, List.of(), List.of(), List.of(), List.of());
        assertThat(changed(changes).asPath()).hasToString("64512 64512 65001 65002");
    }

    @Test
    void communitiesAreRemovedAndAdded() {
        ExtendedCommunity target = ExtendedCommunity.routeTarget(64512, 9);
        LargeCommunity more = LargeCommunity.of(64512, 3, 4);
        Changes changes = new Changes(
                OptionalLong.empty(),
                OptionalLong.empty(),
                0,
                List.of(BLUE),
                List.of(RED),
                List.of(more),
                List.of(target));
        assertThat(changed(changes).communities()).containsExactly(BLUE);
        assertThat(changed(changes).largeCommunities()).containsExactly(LARGE, more);
        assertThat(changed(changes).extendedCommunities()).containsExactly(target);
    }

    @Test
    void whatIsThereIsNotAddedTwice() {
        Changes changes = new Changes(
                OptionalLong.empty(), OptionalLong.empty(), 0, List.of(RED), List.of(), List.of(LARGE), List.of());
        assertThat(changed(changes)).isEqualTo(PATH);
    }

    @Test
    void thereIsALimitToWhatIsPutInFront() {
        assertThatThrownBy(() -> new Changes(
                        OptionalLong.empty(), OptionalLong.empty(), 33, List.of(), List.of(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
