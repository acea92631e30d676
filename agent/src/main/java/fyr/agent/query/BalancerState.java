package fyr.agent.query;

import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent knows and does about load balancer addresses.
 *
 * @param pools all pools; empty until they are known
 * @param assigns whether this agent assigns the addresses of the cluster
 * @param announced the addresses that this node answers for
 */
public record BalancerState(Optional<List<AddressPool>> pools, boolean assigns, Set<IpAddress> announced) {

    public BalancerState {
        pools = pools.map(List::copyOf);
        announced = Set.copyOf(announced);
    }
}
