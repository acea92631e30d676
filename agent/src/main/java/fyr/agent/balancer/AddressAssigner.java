package fyr.agent.balancer;

import fyr.cluster.KindFollower;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.cluster.client.StatusWriter;
import fyr.cluster.client.UnreachableException;
import fyr.cluster.read.Kind;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.PoolStatus;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes load balancer addresses into the statuses of Services, and counts into those of pools, while this agent holds the Lease {@code
 * kube-system/fyr-load-balancer}. Of all agents only three, chosen by the names of the ready nodes, try to get the Lease, so that a large
 * cluster costs the API server no more than a small one; the others look at it once in a while, and step in if nobody renews it.
 */
public final class AddressAssigner implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.balancer");

    static final String LEASE = "fyr-load-balancer";
    private static final String NAMESPACE = "kube-system";
    private static final int CANDIDATES = 3;

    /** How often an agent that is no candidate looks whether somebody renews the Lease. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    /** A burst of changes is one calculation. */
    private static final Duration COLLECT = Duration.ofMillis(50);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final ApiClient client;
    private final String node;
    private final Supplier<Optional<PersistentMap<String, AddressPool>>> pools;
    private final Consumer<Observation> observer;
    private final Lease lease;
    private final StatusWriter writer;
    private final AssignmentComplaints complaints;
    private final Semaphore changed = new Semaphore(0);
    private final Map<NamespacedName, Written<BalancedService, Assignment>> writtenServices = new HashMap<>();
    private final Map<String, Written<AddressPool, PoolStatus>> writtenPools = new HashMap<>();
    private final Thread elections;
    private final Thread assignments;
    private volatile Optional<ClusterSnapshot> snapshot = Optional.empty();
    private volatile boolean stopping;

    /** What was written, and about which state of an object: until the watch tells of it, it is not written again. */
    private record Written<T, S>(T object, S status) {

        boolean is(T now, S wanted) {
            return object == now && status.equals(wanted); // the very instance that was answered
        }
    }

    private AddressAssigner(
            ApiClient client,
            String node,
            String identity,
            Supplier<Optional<PersistentMap<String, AddressPool>>> pools,
            Consumer<Observation> observer) {
        this.client = client;
        this.node = node;
        this.pools = pools;
        this.observer = observer;
        this.lease = new Lease(client, NAMESPACE, LEASE, identity, System::nanoTime);
        this.writer = new StatusWriter(client, Duration.ofMillis(200));
        this.complaints = new AssignmentComplaints(observer);
        this.elections = Thread.ofVirtual().name("balancer-election").unstarted(this::elect);
        this.assignments = Thread.ofVirtual().name("balancer").unstarted(this::assign);
    }

    /**
     * Starts to compete for the Lease.
     *
     * @param identity of this process: never that of an earlier one on the node
     * @param pools all pools; empty until they are known
     */
    public static AddressAssigner start(
            ApiClient client,
            String node,
            String identity,
            Supplier<Optional<PersistentMap<String, AddressPool>>> pools,
            Consumer<Observation> observer) {
        AddressAssigner assigner = new AddressAssigner(client, node, identity, pools, observer);
        assigner.elections.start();
        assigner.assignments.start();
        return assigner;
    }

    /** Takes a new state of the cluster over; on any thread. */
    public void snapshot(ClusterSnapshot next) {
        boolean isNews = snapshot.filter(
                        before -> before.nodes() == next.nodes() && before.namespaces() == next.namespaces())
                .isEmpty();
        snapshot = Optional.of(next);
        if (isNews) {
            changed();
        }
    }

    /** Says that pools have changed; on any thread. */
    public void changed() {
        changed.release();
    }

    /** Whether this agent assigns the addresses now. */
    public boolean leads() {
        return lease.isHeld();
    }

    private void elect() {
        try {
            while (!stopping) {
                Duration pause = Lease.RETRY;
                try {
                    pause = attempt();
                } catch (ApiException | UnreachableException failure) {
                    LOG.log(Level.DEBUG, "the lease {0} could not be renewed: {1}", LEASE, failure.getMessage());
                } catch (RuntimeException failure) {
                    LOG.log(Level.WARNING, "the lease " + LEASE + " cannot be read", failure);
                }
                rest(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An agent that becomes a candidate does not wait for its next look: at first no node is ready, so that there is no candidate at all. */
    private void rest(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        do {
            long left = Math.max(0, end - System.nanoTime());
            Thread.sleep(Duration.ofNanos(Math.min(left, Lease.RETRY.toNanos())));
        } while (end - System.nanoTime() > 0 && !isCandidate());
    }

    /** One attempt, and the pause after it. */
    private Duration attempt() {
        boolean before = lease.isHeld();
        if (before || isCandidate()) {
            lease.tryToHold();
        } else {
            lease.look();
            Optional<Duration> age = lease.age();
            if (age.isEmpty() || age.get().compareTo(LOOK.minus(Lease.DURATION)) < 0) {
                return LOOK;
            }
            lease.tryToHold();
        }
        if (before != lease.isHeld()) {
            LOG.log(
                    Level.INFO,
                    before ? "another agent assigns load balancer addresses now" : "assigns load balancer addresses");
            changed();
        }
        return Lease.RETRY;
    }

    private boolean isCandidate() {
        return snapshot.filter(now ->
                        Rendezvous.of(readyNodes(now)).first(LEASE, CANDIDATES).contains(node))
                .isPresent();
    }

    private static Collection<String> readyNodes(ClusterSnapshot now) {
        Set<String> ready = new HashSet<>();
        now.nodes().forEach((name, one) -> {
            if (one.ready()) {
                ready.add(name);
            }
        });
        return ready;
    }

    /** Follows the Services while this agent holds the Lease. */
    private void assign() {
        try {
            while (!stopping) {
                changed.tryAcquire(Lease.RETRY.toMillis(), TimeUnit.MILLISECONDS);
                if (lease.isHeld()) {
                    lead();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lead() throws InterruptedException {
        try (KindFollower<NamespacedName, BalancedService> services = KindFollower.of(
                        client, Kind.BALANCED_SERVICE, this::changed, this::observe)
                .start()) {
            while (lease.isHeld() && !stopping) {
                if (!round(services)) {
                    Thread.sleep(AFTER_FAILURE);
                    changed();
                }
                changed.tryAcquire(1, Lease.RETRY.toMillis(), TimeUnit.MILLISECONDS);
                Thread.sleep(COLLECT);
                changed.drainPermits();
            }
        } finally {
            writtenServices.clear();
            writtenPools.clear();
            complaints.withdraw();
        }
    }

    /** The reader of Services complains of the same objects. */
    private void observe(Observation observation) {
        if (!(observation instanceof Observation.ObjectRefused || observation instanceof Observation.ObjectAccepted)) {
            observer.accept(observation);
        }
    }

    /** Whether everything was written that had to be. */
    private boolean round(KindFollower<NamespacedName, BalancedService> follower) throws InterruptedException {
        Optional<PersistentMap<NamespacedName, BalancedService>> services = follower.objects();
        Optional<PersistentMap<String, AddressPool>> offered = pools.get();
        Optional<ClusterSnapshot> cluster = snapshot;
        if (services.isEmpty() || offered.isEmpty() || cluster.isEmpty()) {
            return true;
        }
        Map<NamespacedName, BalancedService> wanting = services.get().sorted();
        Map<String, AddressPool> offering = offered.get().sorted();
        Assignments next = Allocator.allocate(
                wanting.values(),
                offering.values(),
                name -> labels(cluster.get(), name),
                addressesOfNodes(cluster.get()));
        complaints.follow(next);
        writtenServices.keySet().retainAll(wanting.keySet());
        writtenPools.keySet().retainAll(offering.keySet());
        boolean all = true;
        for (Map.Entry<NamespacedName, Assignment> one : next.services().entrySet()) {
            BalancedService service = wanting.get(one.getKey());
            all &= service == null || lease.isHeld() && write(service, one.getValue());
        }
        for (Map.Entry<String, PoolStatus> one : next.pools().entrySet()) {
            AddressPool pool = offering.get(one.getKey());
            all &= pool == null || lease.isHeld() && write(pool, one.getValue());
        }
        return all;
    }

    private static Labels labels(ClusterSnapshot cluster, String namespace) {
        return cluster.namespaces().get(namespace).map(Namespace::labels).orElse(Labels.none());
    }

    private static Set<IpAddress> addressesOfNodes(ClusterSnapshot cluster) {
        Set<IpAddress> addresses = new HashSet<>();
        cluster.nodes().forEach((_, one) -> addresses.addAll(one.addresses()));
        return addresses;
    }

    private boolean write(BalancedService service, Assignment wanted) throws InterruptedException {
        boolean isSo = wanted.condition().equals(service.condition())
                && wanted.addresses()
                        .filter(addresses -> service.foreign() || !addresses.equals(service.addresses()))
                        .isEmpty();
        Written<BalancedService, Assignment> before = writtenServices.get(service.name());
        if (isSo || before != null && before.is(service, wanted)) {
            return true;
        }
        String path = "/api/v1/namespaces/" + service.name().namespace() + "/services/"
                + service.name().name();
        boolean done = write(
                new StatusWriter.Target(path, service.uid()),
                StatusText.of(wanted, Instant.now()),
                Patch.STRATEGIC,
                "Service " + service.name());
        if (done) {
            writtenServices.put(service.name(), new Written<>(service, wanted));
        }
        return done;
    }

    private boolean write(AddressPool pool, PoolStatus wanted) throws InterruptedException {
        Written<AddressPool, PoolStatus> before = writtenPools.get(pool.name());
        if (wanted.equals(pool.status()) || before != null && before.is(pool, wanted)) {
            return true;
        }
        String path = Kind.ADDRESS_POOL.path() + "/" + pool.name();
        boolean done = write(
                new StatusWriter.Target(path, pool.uid()),
                StatusText.of(wanted, Instant.now()),
                Patch.MERGE,
                "AddressPool " + pool.name());
        if (done) {
            writtenPools.put(pool.name(), new Written<>(pool, wanted));
        }
        return done;
    }

    private boolean write(StatusWriter.Target target, String status, Patch kind, String object)
            throws InterruptedException {
        try {
            writer.write(target, status, kind);
            return true;
        } catch (ApiException | UnreachableException failure) {
            LOG.log(
                    Level.WARNING,
                    "the status of {0} cannot be written, and is tried again: {1}",
                    object,
                    String.valueOf(failure.getMessage()));
            return false;
        }
    }

    /** Stops, and lets another agent assign addresses at once. */
    @Override
    public void close() {
        stopping = true;
        elections.interrupt();
        assignments.interrupt();
        try {
            elections.join();
            assignments.join();
            lease.release();
        } catch (ApiException | UnreachableException failure) {
            LOG.log(Level.DEBUG, "the lease {0} could not be released: {1}", LEASE, failure.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
