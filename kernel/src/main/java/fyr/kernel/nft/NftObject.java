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
     * @param interval whether elements cover ranges; such a set has exactly one key field, and its elements do not overlap
     */
    record Set(List<NftField> key, List<NftField> data, boolean verdicts, boolean interval) implements NftObject {
        public Set {
            key = List.copyOf(key);
            data = List.copyOf(data);
            if (interval && key.size() != 1) {
                throw new IllegalArgumentException("an interval set has one key field, not " + key.size());
            }
        }
    }

    /**
     * A set that rules fill themselves ({@link NftExpression.OverRate}), with a count for each key. Its elements are not part of a plan:
     * they are neither listed nor written, and expire when they are not used for a while.
     *
     * @param key the fields of a key, in order
     * @param seconds after which an unused key is forgotten
     * @param size the maximum number of keys; the kernel counts no others
     */
    record Meter(List<NftField> key, int seconds, int size) implements NftObject {
        public Meter {
            key = List.copyOf(key);
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
     * @param last of an interval, the last address or number that it covers (inclusive); otherwise empty
     */
    record Element(Optional<Bytes> last, NftData data) implements NftObject {}

    /** Something with a name of ours that is not as Fyr writes it; not equal to anything in a plan. */
    record Foreign(String what) implements NftObject {}
}
