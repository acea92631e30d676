package fyr.bgp.path;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Prefixes of one family, in order. It is a list whose elements are made when asked for; whoever has to be fast reads the numbers instead. Takes
 * 9 bytes for each IPv4 prefix and 17 for each IPv6 prefix, and 4 more where identifiers are in use. Immutable; safe on any thread.
 */
public final class PathPrefixes extends AbstractList<PathPrefix> implements RandomAccess {

    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    private final AddressFamily family;
    private final int size;
    private final long[] high;
    private final long[] low;
    private final byte[] lengths;
    private final int[] ids;

    private PathPrefixes(AddressFamily family, int size, long[] high, long[] low, byte[] lengths, int[] ids) {
        this.family = family;
        this.size = size;
        this.high = high;
        this.low = low;
        this.lengths = lengths;
        this.ids = ids;
    }

    /** No prefixes of a family. */
    public static PathPrefixes none(AddressFamily family) {
        return new Builder(family, 0).build();
    }

    /**
     * These prefixes.
     *
     * @throws IllegalArgumentException if one is not of the family
     */
    public static PathPrefixes of(AddressFamily family, List<PathPrefix> prefixes) {
        Builder builder = new Builder(family, prefixes.size());
        prefixes.forEach(builder::add);
        return builder.build();
    }

    /** The family of all prefixes. */
    public AddressFamily family() {
        return family;
    }

    @Override
    public int size() {
        return size;
    }

    // The numbers are read at a position below size; the arrays may have more room than that.

    /** The first 64 bits of an address, or an IPv4 address in the upper 32 bits and zeros in the lower. */
    public long high(int index) {
        return high[index];
    }

    /** The last 64 bits of an IPv6 address; 0 for IPv4. */
    public long low(int index) {
        return low.length == 0 ? 0 : low[index];
    }

    /** The length of a prefix, 0 to 128. */
    public int length(int index) {
        return lengths[index] & 255;
    }

    /** The path identifier, 0 where there is none. */
    public int id(int index) {
        return ids.length == 0 ? 0 : ids[index];
    }

    /** The prefix alone, made anew. */
    public Prefix prefix(int index) {
        IpAddress address = family.equals(AddressFamily.IPV4)
                ? new Ipv4Address((int) (high[index] >>> 32))
                : new Ipv6Address(high[index], low[index]);
        return new Prefix(address, length(index));
    }

    @Override
    public PathPrefix get(int index) {
        Objects.checkIndex(index, size);
        return new PathPrefix(id(index), prefix(index));
    }

    /** Collects prefixes of one family; for one thread, and to be built once. */
    public static final class Builder {

        private final AddressFamily family;
        private int size;
        private long[] high;
        private long[] low;
        private byte[] lengths;
        private int[] ids = NO_INTS;

        /**
         * A builder with room for so many prefixes; it grows if there are more.
         *
         * @throws IllegalArgumentException if the family is not supported
         */
        public Builder(AddressFamily family, int expected) {
            if (!family.isSupported()) {
                throw new IllegalArgumentException(family + " is not supported");
            }
            this.family = family;
            high = new long[expected];
            low = family.equals(AddressFamily.IPV4) ? NO_LONGS : new long[expected];
            lengths = new byte[expected];
        }

        /** Adds a prefix. */
        public Builder add(PathPrefix prefix) {
            if (prefix.prefix().family() != family.addresses()) {
                throw new IllegalArgumentException(prefix + " is not of family " + family);
            }
            return switch (prefix.prefix().address()) {
                case Ipv4Address(int bits) ->
                    add((long) bits << 32, 0, prefix.prefix().length(), prefix.id());
                case Ipv6Address(long first, long last) ->
                    add(first, last, prefix.prefix().length(), prefix.id());
            };
        }

        /** Adds a prefix as numbers, in the form that the list returns them. Bits beyond the length must be zero. */
        public Builder add(long first, long last, int length, int id) {
            if (size == high.length) {
                grow();
            }
            high[size] = first;
            if (low.length != 0) {
                low[size] = last;
            }
            lengths[size] = (byte) length;
            if (id != 0) {
                identify(id);
            }
            size++;
            return this;
        }

        private void identify(int id) {
            if (ids.length == 0) {
                ids = new int[high.length];
            }
            ids[size] = id;
        }

        private void grow() {
            int room = Math.max(16, size * 2);
            high = Arrays.copyOf(high, room);
            low = family.equals(AddressFamily.IPV4) ? NO_LONGS : Arrays.copyOf(low, room);
            lengths = Arrays.copyOf(lengths, room);
            ids = ids.length == 0 ? NO_INTS : Arrays.copyOf(ids, room);
        }

        /** How many were added. */
        public int size() {
            return size;
        }

        /** The list. The builder is not to be used afterwards. */
        public PathPrefixes build() {
            return new PathPrefixes(family, size, high, low, lengths, ids);
        }
    }
}
