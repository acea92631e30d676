package fyr.bgp.rib;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A prefix and all paths to it. It belongs to one {@link RouteTable}. */
public final class Destination {

    private static final Path[] NONE = {};

    private final long high;
    private final long low;
    private final byte length;

    /** The place in the table; given to another destination when this one has no paths left. */
    final int number;

    /** In ascending order of source and received identifier, so that nothing depends on when they came. */
    private Path[] paths = NONE;

    /** The best path first, then those that are as good; empty if none can be used. */
    private Path[] best = NONE;

    private int lastId;

    /** Whether paths have changed since the best were chosen. */
    boolean isOpen;

    /** How many peers know the destination or have to be told of it. */
    int tellers;

    Destination(long high, long low, int length, int number) {
        this.high = high;
        this.low = low;
        this.length = (byte) length;
        this.number = number;
    }

    boolean is(long otherHigh, long otherLow, int otherLength) {
        return high == otherHigh && low == otherLow && length() == otherLength;
    }

    static int hash(long high, long low, int length) {
        long mixed = (high + 31 * low) * 0x9E3779B97F4A7C15L + length * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed ^ mixed >>> 32);
    }

    int hash() {
        return hash(high, low, length());
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    int length() {
        return length & 255;
    }

    /** The prefix as an object, made anew. */
    public Prefix prefix(Family family) {
        IpAddress address = switch (family) {
            case IPV4 -> new Ipv4Address((int) (high >>> 32));
            case IPV6 -> new Ipv6Address(high, low);
        };
        return new Prefix(address, length());
    }

    /** All paths, in ascending order of their sources. */
    public List<Path> paths() {
        return List.of(paths);
    }

    /** The best path first, then those that are as good as it up to the last steps of the choice; empty if no path can be used. */
    public List<Path> best() {
        return List.of(best);
    }

    /** The best path; null if there is none. */
    @Nullable
    Path first() {
        return best.length == 0 ? null : best[0];
    }

    Path[] raw() {
        return paths;
    }

    boolean isEmpty() {
        return paths.length == 0;
    }

    /** The position of a path; below 0 if there is none, as of {@link Arrays#binarySearch}. */
    private int find(int source, int id) {
        int from = 0;
        int to = paths.length - 1;
        while (from <= to) {
            int middle = from + to >>> 1;
            Path path = paths[middle];
            int order = path.source().number() != source
                    ? Integer.compare(path.source().number(), source)
                    : Integer.compareUnsigned(path.receivedId(), id);
            if (order == 0) {
                return middle;
            }
            from = order < 0 ? middle + 1 : from;
            to = order < 0 ? to : middle - 1;
        }
        return -from - 1;
    }

    /** The path of a source; null if there is none. */
    @Nullable
    Path path(int source, int id) {
        int at = find(source, id);
        return at < 0 ? null : paths[at];
    }

    /** Adds a path, or puts it in the place of the one of the same source and identifier. */
    void put(Path path) {
        int at = find(path.source().number(), path.receivedId());
        if (at >= 0) {
            paths[at] = path;
            return;
        }
        Path[] more = Arrays.copyOf(paths, paths.length + 1);
        int place = -at - 1;
        System.arraycopy(paths, place, more, place + 1, paths.length - place);
        more[place] = path;
        paths = more;
    }

    /** Removes the path of a source; whether there was one. */
    boolean remove(int source, int id) {
        int at = find(source, id);
        if (at < 0) {
            return false;
        }
        Path[] fewer = Arrays.copyOf(paths, paths.length - 1);
        System.arraycopy(paths, at + 1, fewer, at, fewer.length - at);
        paths = fewer;
        return true;
    }

    /** An identifier that no path of this destination has had. */
    int newId() {
        return ++lastId;
    }

    /** Sets the best paths; whether they differ from before. */
    boolean choose(Path[] chosen) {
        if (Arrays.equals(best, chosen)) {
            return false;
        }
        best = chosen;
        return true;
    }
}
