package fyr.bgp.filter;

import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.PathAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a path is changed. What is absent stays as it is.
 *
 * @param localPref 0 to 4294967295; the highest is preferred
 * @param multiExitDisc 0 to 4294967295; the lowest is preferred
 * @param prepend how many more times the own autonomous system is put in front, 0 to 32
 */
public record Changes(
        OptionalLong localPref,
        OptionalLong multiExitDisc,
        int prepend,
        List<Community> addedCommunities,
        List<Community> removedCommunities,
        List<LargeCommunity> addedLargeCommunities,
        List<ExtendedCommunity> addedExtendedCommunities) {

    /** Nothing is changed. */
    public static final Changes NONE =
            new Changes(OptionalLong.empty(), OptionalLong.empty(), 0, List.of(), List.of(), List.of(), List.of());

    private static final int MOST_PREPENDED = 32;

    public Changes {
        if (prepend < 0 || prepend > MOST_PREPENDED) {
            throw new IllegalArgumentException("prepend " + prepend + " is not within 0.." + MOST_PREPENDED);
        }
        addedCommunities = List.copyOf(addedCommunities);
        removedCommunities = List.copyOf(removedCommunities);
        addedLargeCommunities = List.copyOf(addedLargeCommunities);
        addedExtendedCommunities = List.copyOf(addedExtendedCommunities);
    }

    /** The changed path of a router in this autonomous system; the same instance if nothing is changed. */
    public PathAttributes apply(PathAttributes attributes, long as) {
        if (equals(NONE)) {
            return attributes;
        }
        AttributesBuilder changed = attributes.change();
        localPref.ifPresent(changed::localPref);
        multiExitDisc.ifPresent(changed::multiExitDisc);
        if (prepend > 0) {
            changed.asPath(attributes.asPath().prepend(as, prepend));
        }
        List<Community> communities = new ArrayList<>(attributes.communities());
        communities.removeAll(removedCommunities);
        communities.addAll(addedCommunities);
        return changed.communities(communities)
                .largeCommunities(joined(attributes.largeCommunities(), addedLargeCommunities))
                .extendedCommunities(joined(attributes.extendedCommunities(), addedExtendedCommunities))
                .build();
    }

    private static <T> List<T> joined(List<T> present, List<T> added) {
        List<T> joined = new ArrayList<>(present);
        joined.addAll(added);
        return joined;
    }
}
