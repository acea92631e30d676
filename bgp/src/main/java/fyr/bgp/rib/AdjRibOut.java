package fyr.bgp.rib;

import fyr.bgp.filter.Filter;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Family;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one peer is to be told of one family. It holds no routes: a bit says that a destination has to be looked at again, and another that the
 * peer knows it. A peer that reads slowly costs nothing more, and learns only the last of several changes.
 */
public final class AdjRibOut {

    private static final int[] NO_IDS = {};

    private final RouteTable table;
    private final Neighbor neighbor;
    private final ExportRules rules;
    private final long as;
    private final boolean all;
    private final boolean each;

    /** Numbers of destinations. */
    private final BitSet pending = new BitSet();

    /** Numbers of destinations that the peer was told a path to. */
    private final BitSet told = new BitSet();

    /** The identifiers that the peer was told, by number of the destination; only where it is told all paths. */
    private int[][] ids = {};

    /**
     * What is to be sent next. Withdrawals come first.
     *
     * @param withdrawn destinations, or paths of them, that the peer knows and that are gone
     * @param announced by what is said about them
     */
    public record Batch(PathPrefixes withdrawn, Map<PathAttributes, PathPrefixes> announced) {}

    AdjRibOut(RouteTable table, Neighbor neighbor, ExportRules rules, long as) {
        this.table = table;
        this.neighbor = neighbor;
        this.rules = rules;
        this.as = as;
        this.all = neighbor.paths().contains(table.family());
        this.each = neighbor.exports().looksAtPrefixes();
    }

    /** Whether the peer is told all paths, not only the best. */
    boolean tellsAll() {
        return all;
    }

    /** Everything is to be told again. */
    public void refresh() {
        table.forEach(this::mark);
    }

    void mark(Destination destination) {
        if (!pending.get(destination.number)) {
            pending.set(destination.number);
            if (!told.get(destination.number)) {
                destination.tellers++;
            }
        }
    }

    /** Whether the peer has been told everything. */
    public boolean isEmpty() {
        return pending.isEmpty();
    }

    /** To how many destinations the peer was told a path. */
    public int told() {
        return told.cardinality();
    }

    /** Whether the peer was told a path to a destination. */
    public boolean isTold(Destination destination) {
        return told.get(destination.number);
    }

    /** What the peer is told of a destination, whether or not it was already: by path identifier, 0 where only the best path is told. */
    public Map<Integer, PathAttributes> of(Destination destination) {
        Map<Integer, PathAttributes> paths = new LinkedHashMap<>();
        Telling telling = new Telling();
        for (Path path : toTell(destination)) {
            telling.told(path, destination).ifPresent(attributes -> paths.put(all ? path.localId() : 0, attributes));
        }
        return paths;
    }

    private List<Path> toTell(Destination destination) {
        return all ? destination.paths().stream().filter(Path::isAccepted).toList() : first(destination);
    }

    private static List<Path> first(Destination destination) {
        Path first = destination.first();
        return first == null ? List.of() : List.of(first);
    }

    /**
     * Takes some of what is to be told.
     *
     * @param most of how many destinations at most
     * @param done called with each destination that may not be needed any more
     */
    Batch take(int most, Consumer<Destination> done) {
        Telling telling = new Telling();
        int number = pending.nextSetBit(0);
        for (int left = most; left > 0 && number >= 0; left--) {
            pending.clear(number);
            Destination destination = table.at(number);
            if (destination == null) {
                throw new IllegalStateException("destination " + number + " is gone although the peer has to be told");
            }
            boolean after = all ? telling.all(destination) : telling.best(destination);
            told.set(number, after);
            if (!after) {
                destination.tellers--;
                done.accept(destination);
            }
            number = pending.nextSetBit(number + 1);
        }
        return telling.batch();
    }

    /** Tells nothing any more. */
    void close(Consumer<Destination> done) {
        BitSet known = (BitSet) told.clone();
        known.or(pending);
        known.stream().forEach(number -> {
            Destination destination = table.at(number);
            if (destination != null) {
                destination.tellers--;
                done.accept(destination);
            }
        });
        told.clear();
        pending.clear();
    }

    /** Collects one batch. Many destinations have the same attributes, so what becomes of those is computed once. */
    private final class Telling {

        private final Family family = table.family();
        private final Map<PathAttributes, Map<Source, Optional<PathAttributes>>> results = new IdentityHashMap<>();
        private final Map<PathAttributes, PathPrefixes.Builder> announced = new HashMap<>();
        private final PathPrefixes.Builder withdrawn = new PathPrefixes.Builder(AddressFamily.of(family), 0);

        Optional<PathAttributes> told(Path path, Destination destination) {
            Optional<PathAttributes> result = results.computeIfAbsent(path.attributes(), _ -> new IdentityHashMap<>(2))
                    .computeIfAbsent(path.source(), _ -> general(path, destination));
            return each
                    ? result.flatMap(told -> neighbor.exports().apply(destination.prefix(family), told, as))
                    : result;
        }

        private Optional<PathAttributes> general(Path path, Destination destination) {
            Optional<PathAttributes> result = rules.told(path, family);
            return each || neighbor.exports().equals(Filter.ACCEPT)
                    ? result
                    : result.flatMap(told -> neighbor.exports().apply(destination.prefix(family), told, as));
        }

        boolean best(Destination destination) {
            Path first = destination.first();
            Optional<PathAttributes> now = first == null ? Optional.empty() : told(first, destination);
            if (now.isPresent()) {
                announce(destination, now.get(), 0);
            } else if (told.get(destination.number)) {
                withdraw(destination, 0);
            }
            return now.isPresent();
        }

        boolean all(Destination destination) {
            int[] before = ids(destination.number);
            int[] after = new int[destination.raw().length];
            int count = 0;
            for (Path path : destination.raw()) {
                Optional<PathAttributes> now = path.isAccepted() ? told(path, destination) : Optional.empty();
                if (now.isPresent()) {
                    announce(destination, now.get(), path.localId());
                    after[count++] = path.localId();
                }
            }
            int[] known = Arrays.copyOf(after, count);
            for (int id : before) {
                if (Arrays.stream(known).noneMatch(kept -> kept == id)) {
                    withdraw(destination, id);
                }
            }
            remember(destination.number, known);
            return count > 0;
        }

        private void announce(Destination destination, PathAttributes attributes, int id) {
            announced
                    .computeIfAbsent(attributes, _ -> new PathPrefixes.Builder(AddressFamily.of(family), 4))
                    .add(destination.high(), destination.low(), destination.length(), id);
        }

        private void withdraw(Destination destination, int id) {
            withdrawn.add(destination.high(), destination.low(), destination.length(), id);
        }

        Batch batch() {
            Map<PathAttributes, PathPrefixes> built = new LinkedHashMap<>();
            announced.forEach((attributes, prefixes) -> built.put(attributes, prefixes.build()));
            return new Batch(withdrawn.build(), built);
        }
    }

    private int[] ids(int number) {
        return number < ids.length && ids[number] != null ? ids[number] : NO_IDS;
    }

    private void remember(int number, int[] known) {
        if (number >= ids.length) {
            ids = Arrays.copyOf(ids, Math.max(64, number * 2));
        }
        ids[number] = known;
    }
}
