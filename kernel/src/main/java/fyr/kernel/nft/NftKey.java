package fyr.kernel.nft;

import fyr.model.address.Family;
import java.util.Comparator;

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

    /** An element of a set or map. For intervals the key is the first address or number of the interval. */
    record ElementKey(Family family, String set, Bytes key) implements NftKey {
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
            case SetKey(_, String set) -> set;
            case ChainKey(_, String chain) -> chain;
            case ElementKey(_, String set, _) -> set;
        };
    }

    private Bytes elementKey() {
        return this instanceof ElementKey element ? element.key() : Bytes.none();
    }

    /** Family, then kind, then name, then element. */
    Comparator<NftKey> ORDER = Comparator.comparing(NftKey::family)
            .thenComparingInt(NftKey::rank)
            .thenComparing(NftKey::object)
            .thenComparing(NftKey::elementKey);

    @Override
    default int compareTo(NftKey other) {
        return ORDER.compare(this, other);
    }
}
