package fyr.cluster;

import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Starts watches for the pods that policies refer to, as far as the policies concern the node's own pods, and holds a policy back until its
 * pods are known: compiled without them it would deny what it allows. Its previous version stays in force meanwhile. Used by the thread
 * that owns the known state.
 */
final class PolicyPods {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");

    /** A server that does not answer must not delay a policy for longer than this, because the policy also denies traffic. */
    static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

    private final PodWatches pods;
    private final PodDemand demand;

    private PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
    private PersistentMap<String, Namespace> namespaces = PersistentMap.empty();
    private PersistentMap<NamespacedName, Pod> own = PersistentMap.empty();
    private Set<String> ownNamespaces = Set.of();

    private final SortedMap<NamespacedName, SortedSet<PodScope>> demands = new TreeMap<>();
    private final SortedMap<NamespacedName, Hold> held = new TreeMap<>();
    private PersistentMap<NamespacedName, NetworkPolicy> base = PersistentMap.empty();
    private PersistentMap<NamespacedName, NetworkPolicy> published = PersistentMap.empty();

    /**
     * @param was what is in force in place of the policy meanwhile
     */
    private record Hold(Instant since, Optional<NetworkPolicy> was) {}

    PolicyPods(PodWatches pods, PodDemand demand) {
        this.pods = pods;
        this.demand = demand;
    }

    /** The policies as they are to be compiled. */
    PersistentMap<NamespacedName, NetworkPolicy> published() {
        return published;
    }

    /** Whether to call {@link #follow} again although nothing changes, because a time limit may be reached. */
    boolean waits() {
        return !held.isEmpty() || pods.idles();
    }

    /**
     * Takes over the current policies; true if {@link #published} differs from before.
     *
     * @param holds whether policies are held back; that is not necessary at the start, when no snapshot comes before everything was
     *     received
     */
    boolean follow(
            PersistentMap<NamespacedName, NetworkPolicy> allPolicies,
            PersistentMap<String, Namespace> allNamespaces,
            Instant now,
            boolean holds) {
        learn(allPolicies, allNamespaces);
        SortedSet<PodScope> wanted = new TreeSet<>();
        demands.values().forEach(wanted::addAll);
        pods.want(wanted, now);
        PersistentMap<NamespacedName, NetworkPolicy> before = published;
        base = holds ? base : policies;
        published = holds ? withoutHeld(now) : policies;
        return published != before;
    }

    private void learn(
            PersistentMap<NamespacedName, NetworkPolicy> allPolicies, PersistentMap<String, Namespace> allNamespaces) {
        boolean same = policies == allPolicies && namespaces == allNamespaces;
        if (same && own == pods.own().objects()) {
            return;
        }
        policies = allPolicies;
        namespaces = allNamespaces;
        own = pods.own().objects();
        Set<String> before = ownNamespaces;
        Set<String> after = new HashSet<>();
        own.forEach((name, _) -> after.add(name.namespace()));
        ownNamespaces = after;
        if (same && before.equals(after)) {
            return;
        }
        demands.clear();
        policies.forEach((name, policy) -> {
            if (ownNamespaces.contains(name.namespace())) {
                SortedSet<PodScope> scopes = demand.of(policy, namespaces);
                if (!scopes.isEmpty()) {
                    demands.put(name, scopes);
                }
            }
        });
    }

    /**
     * The current policies, except those whose pods are not known: these stay in their previous version, or are left out. The same instance
     * if nothing differs.
     */
    private PersistentMap<NamespacedName, NetworkPolicy> withoutHeld(Instant now) {
        Map<NamespacedName, Hold> before = Map.copyOf(held);
        held.keySet().retainAll(demands.keySet());
        demands.forEach((name, scopes) -> {
            Optional<NetworkPolicy> was = published.get(name);
            boolean differs = was.orElse(null) != policies.get(name).orElse(null);
            if (!differs || scopes.stream().allMatch(pods::heard) || over(name, now)) {
                held.remove(name);
            } else {
                held.computeIfAbsent(name, _ -> new Hold(now, was));
            }
        });
        if (base == policies && before.equals(held)) {
            return published;
        }
        base = policies;
        PersistentMap<NamespacedName, NetworkPolicy> all = policies;
        for (Map.Entry<NamespacedName, Hold> one : held.entrySet()) {
            NamespacedName name = one.getKey();
            PersistentMap<NamespacedName, NetworkPolicy> others = all.without(name);
            all = one.getValue().was().map(was -> others.with(name, was)).orElse(others);
        }
        return all;
    }

    private boolean over(NamespacedName name, Instant now) {
        Hold hold = held.get(name);
        boolean over = hold != null && !now.isBefore(hold.since().plus(LONGEST_HOLD));
        if (over) {
            LOG.log(
                    Level.WARNING,
                    "NetworkPolicy {0}: enforced though the API server has not told of all pods that it speaks of;"
                            + " traffic with them is denied until it does",
                    name);
        }
        return over;
    }
}
