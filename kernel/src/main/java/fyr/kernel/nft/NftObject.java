package fyr.kernel.nft;

import java.util.List;
import java.util.Optional;

/** What a {@link NftKey} names. */
public sealed interface NftObject {

    /** A table, nothing but its existence. */
    record Table() implements NftObject {}

    /**
     * A set, or a map if it has data fields or verdicts.
     *
     * @param key the fields of a key, in order
     * @param data the fields of a value, in order; empty for a set
     * @param verdicts whether the values are verdicts
     * @param interval whether elements cover ranges of the last key field; the fields before it are exact. Ranges with equal fields before
     *     them do not overlap. A set with one key field is a tree. One with several is a bitmap for each four bits of the key
     *     (nft_set_pipapo), of which the kernel makes a copy for each transaction that changes the set: such sets should be small.
     */
    record Set(List<NftField> key, List<NftField> data, boolean verdicts, boolean interval) implements NftObject {
        public Set {
            key = List.copyOf(key);
            data = List.copyOf(data);
        }
    }

    /**
     * A set that rules fill themselves ({@link NftExpression.OverRate}, {@link NftExpression.OverCount}), with a count for each key. Its
     * elements are not part of a plan: they are neither listed nor written, and the kernel removes those that are not used.
     *
     * @param key the fields of a key, in order
     * @param seconds after which an unused key is forgotten; 0 if it is forgotten when none of its connections is left, as {@code OverCount}
     *     needs it: the kernel refuses a time limit there (nft_set_elem_expr_alloc)
     * @param size the maximum number of keys; the kernel counts no others
     */
    record Meter(List<NftField> key, int seconds, int size) implements NftObject {
        public Meter {
            key = List.copyOf(key);
        }
    }

    /**
     * A map that rules fill themselves ({@link NftExpression.Remember}), whose elements expire. Its elements are not part of a plan: they are
     * neither listed nor written. They stay when the chains that use the map are rewritten, when the program restarts, and when the table
     * has to be made anew for another reason than a change of this map.
     *
     * @param key the fields of a key, in order
     * @param data the fields of a value, in order
     * @param size the maximum number of keys, with those that expired or were forgotten less than about a second ago
     */
    record Memory(List<NftField> key, List<NftField> data, int size) implements NftObject {
        public Memory {
            key = List.copyOf(key);
            data = List.copyOf(data);
        }
    }

    /** A chain and its rules in order; a chain without a hook is reached only by verdicts. */
    record Chain(Optional<NftHook> hook, List<NftRule> rules) implements NftObject {
        public Chain {
            rules = List.copyOf(rules);
        }
    }

    /**
     * An element.
     *
     * @param last of an interval, the last key that it covers (inclusive): if the set has several key fields, all but the last field are as
     *     in the first key; otherwise empty
     */
    record Element(Optional<Bytes> last, NftData data) implements NftObject {}

    /** Something with a name of ours that is not as Fyr writes it; not equal to anything in a plan. */
    record Foreign(String what) implements NftObject {}
}
