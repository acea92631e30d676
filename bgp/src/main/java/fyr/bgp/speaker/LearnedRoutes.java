package fyr.bgp.speaker;

import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;

/**
 * All destinations that peers announced and that were chosen.
 *
 * @param complete whether peers have had the time to tell everything since the start; until then, routes of an earlier process must be kept
 */
public record LearnedRoutes(PersistentMap<Prefix, LearnedRoute> routes, boolean complete) {

    /** None, before any peer has said anything. */
    public static final LearnedRoutes NONE = new LearnedRoutes(PersistentMap.empty(), false);
}
