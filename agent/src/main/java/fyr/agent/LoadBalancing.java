package fyr.agent;

import fyr.agent.announce.Announcer;
import fyr.agent.balancer.AddressAssigner;
import fyr.agent.query.BalancerState;
import fyr.cluster.KindFollower;
import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.kernel.link.Links;
import fyr.model.ClusterSnapshot;
import fyr.model.balancer.AddressPool;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The part of an agent that assigns and announces load balancer addresses. */
final class LoadBalancing implements AutoCloseable {

    private final KindFollower<String, AddressPool> pools;
    private final AddressAssigner assigner;
    private final Announcer announcer;

    private LoadBalancing(
            ApiClient client, String node, Links links, BooleanSupplier ready, Consumer<Observation> observer) {
        pools = KindFollower.of(client, Kind.ADDRESS_POOL, this::poolsChanged, observer);
        // The random part: a process must not take itself for an earlier one, which may have written anything.
        assigner = AddressAssigner.start(client, node, node + "_" + UUID.randomUUID(), this::pools, observer);
        announcer = Announcer.start(node, links, this::pools, ready);
        pools.start();
    }

    /**
     * Starts both.
     *
     * @param ready whether the kernel serves what the cluster says
     */
    static LoadBalancing start(
            ApiClient client, String node, Links links, BooleanSupplier ready, Consumer<Observation> observer) {
        return new LoadBalancing(client, node, links, ready, observer);
    }

    /** The number of addresses that this node answers for. */
    int announced() {
        return announcer.held().size();
    }

    /** What a query is told. */
    BalancerState state() {
        return new BalancerState(
                pools().map(all -> List.copyOf(all.sorted().values())), assigner.leads(), announcer.held());
    }

    /** Whether this node assigns addresses. */
    boolean leads() {
        return assigner.leads();
    }

    private Optional<PersistentMap<String, AddressPool>> pools() {
        return pools.objects();
    }

    private void poolsChanged() {
        assigner.changed();
        announcer.changed();
    }

    /** Takes a new state of the cluster over. */
    void snapshot(ClusterSnapshot next) {
        assigner.snapshot(next);
        announcer.snapshot(next);
    }

    @Override
    public void close() {
        announcer.close();
        assigner.close();
        pools.close();
    }
}
