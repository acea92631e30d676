package fyr.bgp.speaker;

import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PeerAddress;
import java.util.List;

/**
 * A destination that peers announced.
 *
 * @param via where packets go, the best path's next hop first; several are used together
 * @param best what is said about the best path
 */
public record LearnedRoute(List<PeerAddress> via, PathAttributes best) {

    public LearnedRoute {
        via = List.copyOf(via);
    }
}
