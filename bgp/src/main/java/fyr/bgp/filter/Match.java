package fyr.bgp.filter;

import fyr.bgp.path.Community;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which paths a rule is about: those that meet every condition. An empty list is no condition; of a list that is not empty, one entry must hold.
 *
 * @param originAs the autonomous system that the path began in
 */
public record Match(
        List<PrefixRange> prefixes,
        List<Community> communities,
        List<LargeCommunity> largeCommunities,
        List<Long> asPathContains,
        OptionalLong originAs) {

    /** Every path. */
    public static final Match ALL = new Match(List.of(), List.of(), List.of(), List.of(), OptionalLong.empty());

    public Match {
        prefixes = List.copyOf(prefixes);
        communities = List.copyOf(communities);
        largeCommunities = List.copyOf(largeCommunities);
        asPathContains = List.copyOf(asPathContains);
    }

    /** Paths to destinations in these ranges. */
    public static Match of(List<PrefixRange> prefixes) {
        return new Match(prefixes, List.of(), List.of(), List.of(), OptionalLong.empty());
    }

    /** Whether the path meets every condition. */
    public boolean matches(Prefix prefix, PathAttributes attributes) {
        return (prefixes.isEmpty() || prefixes.stream().anyMatch(range -> range.contains(prefix)))
                && (communities.isEmpty() || communities.stream().anyMatch(attributes::has))
                && (largeCommunities.isEmpty()
                        || largeCommunities.stream().anyMatch(attributes.largeCommunities()::contains))
                && (asPathContains.isEmpty() || asPathContains.stream().anyMatch(attributes.asPath()::contains))
                && (originAs.isEmpty() || originAs.equals(attributes.asPath().origin()));
    }
}
