package fyr.bgp.rib;

import fyr.bgp.path.Community;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The choice between paths to one destination (RFC 4271 section 9.1.2.2). Unlike in many routers, the age of a path plays no role, and
 * MULTI_EXIT_DISC is compared within groups of one neighbouring system first: so the result is the same in whatever order the paths came
 * (RFC 3345 shows what happens otherwise).
 */
final class Decision {

    /** The largest number of paths that are used at one time. */
    private final int mostPaths;

    Decision(int mostPaths) {
        this.mostPaths = mostPaths;
    }

    /** The best path first, then the others that carry packets too; none if no path can be used. */
    Path[] best(Destination destination) {
        Path[] all = destination.raw();
        Path sole = null;
        int usable = 0;
        boolean exits = false;
        for (Path path : all) {
            if (path.isAccepted()) {
                sole = path;
                usable++;
                exits |= path.attributes().multiExitDisc().isPresent();
            }
        }
        if (usable <= 1) {
            return sole == null ? new Path[0] : new Path[] {sole};
        }
        return exits ? among(withoutWorseExits(all)) : among(usable(all));
    }

    private static List<Path> usable(Path[] all) {
        List<Path> usable = new ArrayList<>(all.length);
        for (Path path : all) {
            if (path.isAccepted()) {
                usable.add(path);
            }
        }
        return usable;
    }

    private Path[] among(List<Path> paths) {
        Path first = paths.getFirst();
        for (Path path : paths) {
            if (ORDER.compare(path, first) < 0) {
                first = path;
            }
        }
        if (mostPaths == 1) {
            return new Path[] {first};
        }
        List<Path> equal = new ArrayList<>(2);
        for (Path path : paths) {
            if (PREFERENCE.compare(path, first) == 0) {
                equal.add(path);
            }
        }
        equal.sort(ORDER);
        return equal.subList(0, Math.min(mostPaths, equal.size())).toArray(Path[]::new);
    }

    /**
     * The usable paths, less those that another path by way of the same neighbouring system beats by MULTI_EXIT_DISC. Only paths that are equal
     * in all steps before are compared.
     */
    private static List<Path> withoutWorseExits(Path[] all) {
        List<Path> left = usable(all);
        left.removeIf(path -> beaten(path, all));
        return left;
    }

    private static boolean beaten(Path path, Path[] all) {
        for (Path other : all) {
            if (other.isAccepted()
                    && sameNeighbor(path, other)
                    && BEFORE_EXITS.compare(other, path) == 0
                    && exit(other) < exit(path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameNeighbor(Path one, Path other) {
        OptionalLong neighbor = one.attributes().asPath().neighbor();
        return neighbor.equals(other.attributes().asPath().neighbor());
    }

    /** A path without the attribute counts as the best exit (RFC 4271 section 9.1.2.2 c). */
    private static long exit(Path path) {
        return path.attributes().multiExitDisc().orElse(0);
    }

    private static final long USUAL_PREFERENCE = 100;

    private static final Comparator<Path> BEFORE_EXITS = Decision::beforeExits;

    private static int beforeExits(Path one, Path other) {
        int order = Integer.compare(longStale(one), longStale(other));
        if (order == 0) {
            order = Integer.compare(foreign(one), foreign(other));
        }
        PathAttributes here = one.attributes();
        PathAttributes there = other.attributes();
        if (order == 0) {
            order = Long.compare(
                    there.localPref().orElse(USUAL_PREFERENCE), here.localPref().orElse(USUAL_PREFERENCE));
        }
        if (order == 0) {
            order = Integer.compare(here.asPath().length(), there.asPath().length());
        }
        return order == 0 ? here.origin().compareTo(there.origin()) : order;
    }

    /** RFC 9494 section 4.3: the least preferred are paths that this node or a peer kept beyond a restart. */
    private static int longStale(Path path) {
        return path.attributes().has(Community.LLGR_STALE) ? 1 : 0;
    }

    /** What this node announces itself comes before all that it hears. */
    private static int foreign(Path path) {
        return path.source().kind() == Source.Kind.LOCAL ? 0 : 1;
    }

    /** Paths that are equal here are used together. */
    private static final Comparator<Path> PREFERENCE = Decision::preference;

    private static int preference(Path one, Path other) {
        int order = beforeExits(one, other);
        return order == 0 ? Integer.compare(internal(one), internal(other)) : order;
    }

    private static int internal(Path path) {
        return path.source().kind().isInternal() ? 1 : 0;
    }

    private static final Comparator<Path> ORDER = Decision::order;

    private static int order(Path one, Path other) {
        int order = preference(one, other);
        if (order == 0) {
            order = router(one).compareTo(router(other));
        }
        if (order == 0) {
            // RFC 4456 section 9.
            order = Integer.compare(
                    one.attributes().clusterList().size(),
                    other.attributes().clusterList().size());
        }
        if (order == 0) {
            order = one.source().address().compareTo(other.source().address());
        }
        if (order == 0) {
            order = Integer.compare(one.source().number(), other.source().number());
        }
        return order == 0 ? Integer.compareUnsigned(one.receivedId(), other.receivedId()) : order;
    }

    /** The router that announced the path; of a reflected one, the router that brought it into the autonomous system. */
    private static Ipv4Address router(Path path) {
        return path.attributes().originatorId().orElse(path.source().routerId());
    }
}
