package fyr.kernel.nft;

import fyr.model.address.Family;
import org.jspecify.annotations.Nullable;

/**
 * The name of something in one of Fyr's two nf_tables tables ({@code ip fyr}, {@code ip6 fyr}). Ordered so that whatever is referred to
 * comes before what refers to it: table, sets, chains, elements.
 */
public sealed interface NftKey extends Comparable<NftKey> {

    /** The name of the tables of ours. */
    String TABLE = "fyr";

    /** Which of the two tables. */
    Family family();

    /** The table itself. */
    record TableKey(Family family) implements NftKey {
        @Override
        public String toString() {
            return "table " + word(family) + " " + TABLE;
        }
    }

    /** A set or map; the name has at most 31 characters. */
    record SetKey(Family family, String set) implements NftKey {
        @Override
        public String toString() {
            return "set " + word(family) + " " + TABLE + " " + set;
        }
    }

    /** A chain with its rules. */
    record ChainKey(Family family, String chain) implements NftKey {
        @Override
        public String toString() {
            return "chain " + word(family) + " " + TABLE + " " + chain;
        }
    }

    /** An element of a set or map. For intervals the key is the first one of the interval. */
    record ElementKey(Family family, String set, Bytes key) implements NftKey {

        // By hand, because there are hundreds of thousands of these, and the generated methods are slow until they are
        // compiled well.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ElementKey that
                    && key.equals(that.key)
                    && family == that.family
                    && set.equals(that.set);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * key.hashCode() + set.hashCode()) + family.ordinal();
        }

        @Override
        public String toString() {
            return "element " + word(family) + " " + TABLE + " " + set + " " + key;
        }
    }

    /** nft's word for a family. */
    static String word(Family family) {
        return switch (family) {
            case IPV4 -> "ip";
            case IPV6 -> "ip6";
        };
    }

    private int rank() {
        return switch (this) {
            case TableKey _ -> 0;
            case SetKey _ -> 1;
            case ChainKey _ -> 2;
            case ElementKey _ -> 3;
        };
    }

    private String object() {
        return switch (this) {
            case TableKey _ -> "";
            case SetKey(var _, String set) -> set;
            case ChainKey(var _, String chain) -> chain;
            case ElementKey(var _, String set, var _) -> set;
        };
    }

    /** Family, then kind, then name, then element. */
    @Override
    default int compareTo(NftKey other) {
        if (this instanceof ElementKey one && other instanceof ElementKey two) {
            int order = one.family.compareTo(two.family);
            order = order == 0 ? compare(one.set, two.set) : order;
            return order == 0 ? one.key.compareTo(two.key) : order;
        }
        int order = family().compareTo(other.family());
        order = order == 0 ? Integer.compare(rank(), other.rank()) : order;
        return order == 0 ? object().compareTo(other.object()) : order;
    }

    /** The elements of a set usually share one name, and String#compareTo compares a text with itself letter by letter. */
    private static int compare(String one, String other) {
        return one == other ? 0 : one.compareTo(other);
    }
}
