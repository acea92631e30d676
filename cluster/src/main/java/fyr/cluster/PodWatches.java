package fyr.cluster;

import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The pods a node knows: always its own, and others in the scopes that are wanted, and for a while afterwards. Used by the thread that owns
 * the known state.
 */
final class PodWatches {

    /** With more namespaces than this, one watch of all pods is cheaper. */
    static final int MOST_NAMESPACES = 10;

    /** Policies come and go with the pods of a node: a scope that is no longer wanted may soon be wanted again. */
    static final Duration LINGER = Duration.ofMinutes(5);

    /** Starts a watch of a scope. */
    @FunctionalInterface
    interface Starter {
        /** Returns what ends it. */
        Runnable start(PodScope scope, KindState<NamespacedName, Pod> state);
    }

    private static final class Remote {
        private final KindState<NamespacedName, Pod> state;
        private Runnable end = () -> {};
        private Optional<Instant> idleSince = Optional.empty();

        Remote(KindState<NamespacedName, Pod> state) {
            this.state = state;
        }
    }

    private final KindState<NamespacedName, Pod> own = new KindState<>((name, _, _) -> merge(name));
    private final NavigableMap<PodScope, Remote> remotes = new TreeMap<>();
    private final Starter starter;
    private SortedSet<PodScope> wanted = new TreeSet<>();
    private PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();

    PodWatches(Starter starter) {
        this.starter = starter;
    }

    KindState<NamespacedName, Pod> own() {
        return own;
    }

    /** All pods that are known; for the node's own pods, its own watch has precedence. */
    PersistentMap<NamespacedName, Pod> pods() {
        return pods;
    }

    private void merge(NamespacedName name) {
        Optional<Pod> pod = own.known(name);
        for (Remote remote : remotes.values()) {
            pod = pod.or(() -> remote.state.known(name));
        }
        Optional<Pod> before = pods.get(name);
        if (pod.isEmpty()) {
            pods = pods.without(name);
        } else if (before.isEmpty() || before.get() != pod.get()) {
            pods = pods.with(name, pod.get());
        }
    }

    /** Follows these scopes from now on. Must be called again when they or the time change. */
    void want(SortedSet<PodScope> scopes, Instant now) {
        wanted = scopes.size() > MOST_NAMESPACES ? new TreeSet<>(List.of(new PodScope.Everywhere())) : scopes;
        if (wanted.contains(new PodScope.Everywhere())) {
            wanted = new TreeSet<>(List.of(new PodScope.Everywhere()));
        }
        remotes.forEach((scope, remote) -> remote.idleSince =
                wanted.contains(scope) ? Optional.empty() : remote.idleSince.or(() -> Optional.of(now)));
        boolean lingers = remotes.containsKey(new PodScope.Everywhere()) && !old(new PodScope.Everywhere(), now);
        for (PodScope scope : wanted) {
            if (!remotes.containsKey(scope) && !(lingers && heard(scope))) {
                start(scope);
            }
        }
        if (heard()) {
            List<PodScope> over = new ArrayList<>(remotes.keySet());
            over.removeIf(scope -> wanted.contains(scope) || !(covered(scope) || old(scope, now) && replaced(scope)));
            over.forEach(this::end);
        }
    }

    /** Whether nothing that is wanted is known only from this watch. */
    private boolean replaced(PodScope scope) {
        return scope instanceof PodScope.Namespaced || wanted.stream().allMatch(this::listed);
    }

    private boolean old(PodScope scope, Instant now) {
        return Optional.ofNullable(remotes.get(scope))
                .flatMap(remote -> remote.idleSince)
                .filter(since -> !now.isBefore(since.plus(LINGER)))
                .isPresent();
    }

    /** Whether a wider watch, which is wanted, knows the same pods. */
    private boolean covered(PodScope scope) {
        return scope instanceof PodScope.Namespaced && wanted.contains(new PodScope.Everywhere());
    }

    private void start(PodScope scope) {
        KindState<NamespacedName, Pod> state = new KindState<>((name, _, _) -> merge(name));
        Remote remote = new Remote(state);
        remotes.put(scope, remote);
        remote.end = starter.start(scope, state);
    }

    private void end(PodScope scope) {
        Remote remote = remotes.remove(scope);
        if (remote != null) {
            remote.end.run();
            remote.state.objects().forEach((name, _) -> merge(name));
        }
    }

    /** Takes over what a watch received; nothing if the watch has been ended meanwhile. */
    boolean apply(KindState<NamespacedName, Pod> state, Change<NamespacedName, Pod> change) {
        boolean lives = state == own || remotes.values().stream().anyMatch(remote -> remote.state == state);
        return lives && state.apply(change);
    }

    /** Whether all pods of the scope have been received. */
    boolean heard(PodScope scope) {
        return listed(scope) || listed(new PodScope.Everywhere());
    }

    private boolean listed(PodScope scope) {
        Remote remote = remotes.get(scope);
        return remote != null && remote.state.listed();
    }

    /** Whether all wanted pods have been received. */
    boolean heard() {
        return own.listed() && wanted.stream().allMatch(this::heard);
    }

    /** Whether a scope is kept that may be given up later. */
    boolean idles() {
        return remotes.values().stream().anyMatch(remote -> remote.idleSince.isPresent());
    }

    /** The pods of others that concern a node: those that have an address of their own and are not on it. */
    static Change<NamespacedName, Pod> remote(Change<NamespacedName, Pod> change, String node) {
        Predicate<Pod> counts =
                pod -> pod.networked() && pod.node().filter(node::equals).isEmpty();
        return switch (change) {
            case Change.Replaced<NamespacedName, Pod>(var all, var doubtful) -> {
                Map<NamespacedName, Pod> some = new java.util.HashMap<>(all);
                some.values().removeIf(counts.negate());
                yield new Change.Replaced<>(some, doubtful);
            }
            case Change.Upserted<NamespacedName, Pod>(NamespacedName name, Pod pod) ->
                counts.test(pod) ? change : new Change.Removed<>(name);
            case Change.Doubtful<NamespacedName, Pod> _, Change.Removed<NamespacedName, Pod> _ -> change;
        };
    }
}
