package fyr.bgp.rib;

import fyr.bgp.filter.Filter;
import fyr.bgp.path.Community;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Family;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All paths that are known (the Adj-RIBs-In and the Loc-RIB of RFC 4271 section 3.2 in one), and what each peer is told of them.
 *
 * <p>What changes is noted only; {@link #settle} chooses the best paths anew, once for each destination however often it changed. For one
 * thread.
 */
public final class Rib {

    private final Local local;
    private final Decision decision;
    private final RouteListener listener;
    private final Map<Family, RouteTable> tables = new EnumMap<>(Family.class);
    private final Map<Family, ArrayDeque<Destination>> open = new EnumMap<>(Family.class);
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();

    /** How many paths each source has announced, by its number. */
    private final Map<Family, Map<Integer, Integer>> counts = new EnumMap<>(Family.class);

    /** A peer with an established session. */
    private static final class Peer {
        final Neighbor neighbor;
        final ImportRules rules;
        final Map<Family, AdjRibOut> out = new EnumMap<>(Family.class);

        Peer(Neighbor neighbor, ImportRules rules) {
            this.neighbor = neighbor;
            this.rules = rules;
        }
    }

    /**
     * An empty one.
     *
     * @param mostPaths how many equally good paths to a destination are used together, at least 1
     */
    public Rib(Local local, int mostPaths, RouteListener listener) {
        this.local = local;
        this.decision = new Decision(mostPaths);
        this.listener = listener;
        for (Family family : Family.values()) {
            tables.put(family, new RouteTable(family));
            open.put(family, new ArrayDeque<>());
            counts.put(family, new HashMap<>());
        }
    }

    private static <K, V> V present(Map<K, V> map, K key) {
        return Optional.ofNullable(map.get(key)).orElseThrow();
    }

    /** The destinations of a family, to be looked at only. */
    public RouteTable table(Family family) {
        return present(tables, family);
    }

    /** A session is established: the peer's paths may come, and it is to be told everything of these families. */
    public void up(Neighbor neighbor, Iterable<Family> families) {
        Peer peer = new Peer(neighbor, new ImportRules(local, neighbor));
        for (Family family : families) {
            AdjRibOut out = new AdjRibOut(table(family), neighbor, new ExportRules(local, neighbor), local.as());
            out.refresh();
            peer.out.put(family, out);
        }
        peers.put(neighbor.source().number(), peer);
    }

    /**
     * A session has ended: the peer is told nothing any more. Of these families its paths are kept as stale until {@link #sweep}; all others
     * go.
     */
    public void down(Source source, Iterable<Family> kept) {
        Peer peer = peers.remove(source.number());
        if (peer != null) {
            peer.out.forEach((family, out) -> out.close(destination -> release(family, destination)));
        }
        List<Family> stale = new ArrayList<>();
        kept.forEach(stale::add);
        for (Family family : Family.values()) {
            if (stale.contains(family)) {
                age(source, family, Path.Age.FRESH, Path.Age.STALE);
            } else {
                removeIf(source, family, _ -> true);
            }
        }
    }

    /**
     * Takes some of what a peer is to be told.
     *
     * @param most of how many destinations at most
     */
    public AdjRibOut.Batch take(AdjRibOut out, Family family, int most) {
        return out.take(most, destination -> release(family, destination));
    }

    /** What is still to be told to a peer; empty if it has no session or the family is not exchanged. */
    public Optional<AdjRibOut> out(Source source, Family family) {
        return Optional.ofNullable(peers.get(source.number())).map(peer -> peer.out.get(family));
    }

    /** A source announces paths. This node's own need no session. */
    public void announce(Source source, PathAttributes attributes, PathPrefixes prefixes) {
        Family family = prefixes.family().addresses();
        RouteTable table = table(family);
        Peer peer = peers.get(source.number());
        Filter filter = peer == null ? Filter.ACCEPT : peer.neighbor.imports();
        Optional<PathAttributes> usable = peer == null
                ? Optional.of(attributes)
                : Optional.of(attributes)
                        .filter(received -> peer.rules.fault(received).isEmpty())
                        .map(peer.rules::seen);
        boolean each = filter.looksAtPrefixes();
        if (!each && !prefixes.isEmpty()) {
            usable = usable.flatMap(seen -> filter.apply(prefixes.prefix(0), seen, local.as()));
        }
        for (int i = 0; i < prefixes.size(); i++) {
            Destination destination = table.findOrAdd(prefixes.high(i), prefixes.low(i), prefixes.length(i));
            PathAttributes accepted = usable.orElse(null);
            if (each && accepted != null) {
                accepted =
                        filter.apply(prefixes.prefix(i), accepted, local.as()).orElse(null);
            }
            put(family, destination, source, prefixes.id(i), attributes, accepted);
        }
    }

    private void put(
            Family family,
            Destination destination,
            Source source,
            int id,
            PathAttributes received,
            @Nullable PathAttributes accepted) {
        Path before = destination.path(source.number(), id);
        if (before != null && before.is(received, accepted)) {
            before.age(Path.Age.FRESH);
            return;
        }
        if (before == null) {
            count(source, family, 1);
        }
        int localId = before == null ? destination.newId() : before.localId();
        destination.put(new Path(source, id, localId, received, accepted));
        reopen(family, destination);
    }

    private void count(Source source, Family family, int more) {
        present(counts, family)
                .merge(source.number(), more, (before, added) -> before + added == 0 ? null : before + added);
    }

    /** How many paths a source has announced, those that are kept from an earlier session included. */
    public int paths(Source source, Family family) {
        return present(counts, family).getOrDefault(source.number(), 0);
    }

    /** A source withdraws paths; those that it did not announce are passed over. */
    public void withdraw(Source source, PathPrefixes prefixes) {
        Family family = prefixes.family().addresses();
        RouteTable table = table(family);
        for (int i = 0; i < prefixes.size(); i++) {
            Destination destination = table.find(prefixes.high(i), prefixes.low(i), prefixes.length(i));
            if (destination != null && destination.remove(source.number(), prefixes.id(i))) {
                count(source, family, -1);
                reopen(family, destination);
            }
        }
    }

    /** Marks the present paths of a source as stale: it is about to announce everything again (RFC 7313 section 4, RFC 4724 section 4.2). */
    public void markStale(Source source, Family family) {
        age(source, family, Path.Age.FRESH, Path.Age.STALE);
    }

    /** Removes the paths that a source did not announce again, or was not there to. */
    public void sweep(Source source, Family family) {
        removeIf(source, family, path -> path.age() != Path.Age.FRESH);
    }

    /** Keeps stale paths of a source further, as a last choice, except those that must not be (RFC 9494 section 4.2). */
    public void keepLonger(Source source, Family family) {
        removeIf(
                source,
                family,
                path -> path.age() == Path.Age.STALE && path.received().has(Community.NO_LLGR));
        age(source, family, Path.Age.STALE, Path.Age.LONG_STALE);
    }

    private void age(Source source, Family family, Path.Age from, Path.Age to) {
        table(family).forEach(destination -> {
            for (Path path : destination.raw()) {
                if (path.source().number() == source.number() && path.age() == from) {
                    path.age(to);
                    if (to == Path.Age.LONG_STALE) {
                        destination.put(path.longStale());
                        reopen(family, destination);
                    }
                }
            }
        });
    }

    /** Chooses which paths go. */
    private interface Which {
        boolean test(Path path);
    }

    private void removeIf(Source source, Family family, Which which) {
        table(family).forEach(destination -> {
            for (Path path : destination.raw()) {
                if (path.source().number() == source.number() && which.test(path)) {
                    destination.remove(source.number(), path.receivedId());
                    count(source, family, -1);
                    reopen(family, destination);
                }
            }
        });
    }

    private void reopen(Family family, Destination destination) {
        if (!destination.isOpen) {
            destination.isOpen = true;
            present(open, family).add(destination);
        }
    }

    /** Whether paths have changed since the best were chosen. */
    public boolean isSettled() {
        return open.values().stream().allMatch(ArrayDeque::isEmpty);
    }

    /**
     * Chooses the best paths of destinations that changed.
     *
     * @param most how many destinations at most; the others stay open
     */
    public void settle(int most) {
        int left = most;
        for (Family family : Family.values()) {
            ArrayDeque<Destination> changed = present(open, family);
            for (; left > 0 && !changed.isEmpty(); left--) {
                settle(family, changed.remove());
            }
        }
    }

    private void settle(Family family, Destination destination) {
        destination.isOpen = false;
        Path first = destination.first();
        boolean differ = destination.choose(decision.best(destination));
        boolean firstDiffers = first != destination.first();
        for (Peer peer : peers.values()) {
            AdjRibOut out = peer.out.get(family);
            if (out != null && (firstDiffers || out.tellsAll())) {
                out.mark(destination);
            }
        }
        if (differ) {
            listener.changed(family, destination);
        }
        release(family, destination);
    }

    /** Forgets a destination that has no paths and that no peer has to be told of. */
    void release(Family family, Destination destination) {
        if (destination.isEmpty() && !destination.isOpen && destination.tellers == 0) {
            table(family).remove(destination);
        }
    }
}
