package fyr.agent.balancer;

import fyr.model.NamespacedName;
import fyr.model.balancer.PoolStatus;
import java.util.Map;

/**
 * What the statuses of Services and pools should say.
 *
 * @param services those that this project has a say about; the statuses of others are to stay as they are
 * @param pools all pools
 */
record Assignments(Map<NamespacedName, Assignment> services, Map<String, PoolStatus> pools) {

    Assignments {
        services = Map.copyOf(services);
        pools = Map.copyOf(pools);
    }
}
