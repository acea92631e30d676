package fyr.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.filter.Changes;
import fyr.bgp.filter.Filter;
import fyr.bgp.filter.Match;
import fyr.bgp.filter.PrefixRange;
import fyr.bgp.filter.Rule;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefix;
import fyr.bgp.path.PathPrefixes;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of peers: what each knows in the end is what a fresh start would tell it, and the choice is that of a fresh start. */
class RibHistoryTest {

    private static final Local LOCAL = new Local(
            64512, Ipv4Address.parse("10.0.0.1"), Ipv4Address.parse("10.0.0.1"), Set.of(IpAddress.parse("10.0.0.1")));

    private static final Source OWN = source(0, Source.Kind.LOCAL, 64512);

    private static final List<Neighbor> NEIGHBORS = List.of(
            neighbor(source(1, Source.Kind.EXTERNAL, 65001), Filter.ACCEPT, Set.of()),
            neighbor(source(2, Source.Kind.EXTERNAL, 65001), secondHalf(), Set.of(Family.IPV4)),
            neighbor(source(3, Source.Kind.EXTERNAL, 65002), Filter.ACCEPT, Set.of(Family.IPV6)),
            neighbor(source(4, Source.Kind.CLIENT, 64512), Filter.ACCEPT, Set.of(Family.IPV4, Family.IPV6)),
            neighbor(source(5, Source.Kind.INTERNAL, 64512), secondHalf(), Set.of()),
            neighbor(source(6, Source.Kind.CLIENT, 64512), Filter.ACCEPT, Set.of()));

    private static Source source(int number, Source.Kind kind, long as) {
        Ipv4Address address = Ipv4Address.parse("10.0.0." + (number + 1));
        return new Source(number, kind, as, address, address);
    }

    /** Nothing of 10.0.0.0/12, and a lower preference for one community. */
    private static Filter secondHalf() {
        Changes lower =
                new Changes(OptionalLong.of(50), OptionalLong.empty(), 1, List.of(), List.of(), List.of(), List.of());
        return new Filter(
                List.of(
                        new Rule.Reject(Match.of(List.of(PrefixRange.within(Prefix.parse("10.0.0.0/12"))))),
                        new Rule.Accept(
                                new Match(
                                        List.of(),
                                        List.of(Community.of(64512, 1)),
                                        List.of(),
                                        List.of(),
                                        OptionalLong.empty()),
                                lower)),
                true);
    }

    private static Neighbor neighbor(Source source, Filter filter, Set<Family> paths) {
        Map<Family, NextHop> self = new EnumMap<>(Family.class);
        self.put(Family.IPV4, NextHop.of(IpAddress.parse("10.0.0.1")));
        self.put(Family.IPV6, NextHop.of(IpAddress.parse("fd00::1")));
        return new Neighbor(source, Optional.empty(), filter, filter, self, source.number() == 6, paths, false);
    }

    /** A rib, and what each peer has heard from it. */
    private static final class World {
        final Rib rib = new Rib(LOCAL, 4, (family, destination) -> chosen(family, destination));
        final Map<Integer, Map<PathPrefix, PathAttributes>> heard = new HashMap<>();
        final Map<Prefix, List<PathAttributes>> best = new HashMap<>();

        /** What the sources have announced in their present sessions. */
        final Map<Integer, Map<PathPrefix, PathAttributes>> said = new TreeMap<>();

        final Set<Integer> up = new java.util.TreeSet<>();

        private void chosen(Family family, Destination destination) {
            Prefix prefix = destination.prefix(family);
            if (destination.best().isEmpty()) {
                best.remove(prefix);
            } else {
                best.put(
                        prefix,
                        destination.best().stream().map(Path::attributes).toList());
            }
        }

        Map<PathPrefix, PathAttributes> heardBy(int number) {
            return heard.computeIfAbsent(number, _ -> new HashMap<>());
        }

        Map<PathPrefix, PathAttributes> saidBy(int number) {
            return said.computeIfAbsent(number, _ -> new TreeMap<>());
        }

        void up(Neighbor neighbor) {
            int number = neighbor.source().number();
            if (up.add(number)) {
                heard.put(number, new HashMap<>());
                rib.up(neighbor, List.of(Family.values()));
            }
        }

        void down(Neighbor neighbor, List<Family> kept) {
            int number = neighbor.source().number();
            if (up.remove(number)) {
                heard.remove(number);
                saidBy(number)
                        .keySet()
                        .removeIf(prefix -> !kept.contains(prefix.prefix().family()));
                rib.down(neighbor.source(), kept);
            }
        }

        void announce(Source source, PathPrefix prefix, PathAttributes attributes) {
            saidBy(source.number()).put(prefix, attributes);
            rib.announce(source, attributes, one(prefix));
        }

        void withdraw(Source source, PathPrefix prefix) {
            saidBy(source.number()).remove(prefix);
            rib.withdraw(source, one(prefix));
        }

        private static PathPrefixes one(PathPrefix prefix) {
            return PathPrefixes.of(AddressFamily.of(prefix.prefix().family()), List.of(prefix));
        }

        /** Sends some of what is pending to one peer. */
        void send(Neighbor neighbor, int most) {
            for (Family family : Family.values()) {
                rib.out(neighbor.source(), family).ifPresent(out -> {
                    AdjRibOut.Batch batch = rib.take(out, family, most);
                    Map<PathPrefix, PathAttributes> known =
                            heardBy(neighbor.source().number());
                    batch.withdrawn()
                            .forEach(gone -> assertThat(known.remove(gone)).isNotNull());
                    batch.announced()
                            .forEach((attributes, prefixes) ->
                                    prefixes.forEach(prefix -> known.put(prefix, attributes)));
                });
            }
        }

        void finish() {
            rib.settle(Integer.MAX_VALUE);
            NEIGHBORS.forEach(neighbor -> send(neighbor, Integer.MAX_VALUE));
        }
    }

    private static PathAttributes attributes(Random random, Source source) {
        List<Long> path = new ArrayList<>();
        if (source.kind() == Source.Kind.EXTERNAL) {
            path.add(random.nextInt(10) == 0 ? 65003L : source.as());
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            path.add(random.nextInt(12) == 0 ? 64512L : 65001L + random.nextInt(3));
        }
        var builder = PathAttributes.of(
                random.nextInt(4) == 0 ? Origin.EGP : Origin.IGP,
                AsPath.of(path.stream().mapToLong(Long::longValue).toArray()));
        if (source.kind() != Source.Kind.LOCAL) {
            builder.nextHop(NextHop.of(source.address()));
        }
        if (random.nextBoolean()) {
            builder.multiExitDisc(random.nextInt(3));
        }
        if (source.kind().isInternal()) {
            builder.localPref(random.nextInt(3) == 0 ? 200 : 100);
        }
        List<Community> communities = new ArrayList<>();
        for (Community community : List.of(
                Community.of(64512, 1), Community.NO_EXPORT, Community.NO_ADVERTISE, Community.GRACEFUL_SHUTDOWN)) {
            if (random.nextInt(6) == 0) {
                communities.add(community);
            }
        }
        return builder.communities(communities).build();
    }

    private static PathPrefix prefix(Random random, Source source) {
        int id = source.number() == 2 || source.number() == 4 ? random.nextInt(3) : 0;
        Prefix prefix = random.nextBoolean()
                ? Prefix.parse("10." + random.nextInt(32) + ".0.0/16")
                : Prefix.parse("fd00:" + random.nextInt(16) + "::/32");
        return new PathPrefix(id, prefix);
    }

    private static void step(Random random, World world) {
        Neighbor neighbor = NEIGHBORS.get(random.nextInt(NEIGHBORS.size()));
        boolean own = random.nextInt(8) == 0;
        Source source = own ? OWN : neighbor.source();
        switch (random.nextInt(24)) {
            case 0 -> world.up(neighbor);
            case 1 -> {
                if (random.nextInt(3) == 0) {
                    world.down(neighbor, List.of());
                }
            }
            case 2, 3 -> world.rib.settle(1 + random.nextInt(20));
            case 4, 5, 6 -> world.send(neighbor, 1 + random.nextInt(5));
            case 7, 8, 9, 10 -> {
                if (own || world.up.contains(source.number())) {
                    world.withdraw(source, prefix(random, source));
                }
            }
            case 11 -> restart(random, world, neighbor);
            default -> {
                if (own || world.up.contains(source.number())) {
                    world.announce(source, prefix(random, source), attributes(random, source));
                }
            }
        }
    }

    /** A graceful restart in which the peer announces some of what it had announced again. */
    private static void restart(Random random, World world, Neighbor neighbor) {
        Source source = neighbor.source();
        if (!world.up.contains(source.number())) {
            return;
        }
        world.down(neighbor, List.of(Family.values()));
        if (random.nextBoolean()) {
            world.rib.settle(Integer.MAX_VALUE);
        }
        world.up(neighbor);
        Map<PathPrefix, PathAttributes> had = Map.copyOf(world.saidBy(source.number()));
        had.forEach((prefix, attributes) -> {
            if (random.nextInt(3) > 0) {
                world.announce(source, prefix, random.nextBoolean() ? attributes : attributes(random, source));
            } else {
                world.saidBy(source.number()).remove(prefix);
            }
        });
        for (Family family : Family.values()) {
            world.rib.sweep(source, family);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theEndIsThatOfAFreshStart(long seed) {
        Random random = new Random(seed);
        World world = new World();
        NEIGHBORS.forEach(world::up);
        for (int step = 0; step < 4000; step++) {
            step(random, world);
            if (step % 500 == 499) {
                world.finish();
                World fresh = fresh(random, world);
                assertThat(world.best).isEqualTo(fresh.best);
                world.up.forEach(number -> assertThat(withoutIds(world.heardBy(number)))
                        .as("peer %d", number)
                        .isEqualTo(withoutIds(fresh.heardBy(number))));
                assertThat(world.rib.table(Family.IPV4).size())
                        .isEqualTo(fresh.rib.table(Family.IPV4).size());
            }
        }
    }

    /** The same announcements in another order, after the sessions came up in another order. */
    private static World fresh(Random random, World world) {
        World fresh = new World();
        List<Neighbor> order = new ArrayList<>(NEIGHBORS);
        Collections.shuffle(order, random);
        order.stream()
                .filter(neighbor -> world.up.contains(neighbor.source().number()))
                .forEach(fresh::up);
        List<Runnable> announcements = new ArrayList<>();
        world.said.forEach((number, said) -> said.forEach((prefix, attributes) -> announcements.add(() ->
                fresh.announce(number == 0 ? OWN : NEIGHBORS.get(number - 1).source(), prefix, attributes))));
        Collections.shuffle(announcements, random);
        announcements.forEach(Runnable::run);
        fresh.finish();
        return fresh;
    }

    /** Identifiers of paths are given in the order in which the paths came; all else must agree. */
    private static Map<Prefix, Map<PathAttributes, Integer>> withoutIds(Map<PathPrefix, PathAttributes> heard) {
        Map<Prefix, Map<PathAttributes, Integer>> counts = new TreeMap<>();
        heard.forEach((prefix, attributes) ->
                counts.computeIfAbsent(prefix.prefix(), _ -> new HashMap<>()).merge(attributes, 1, Integer::sum));
        return counts;
    }
}
