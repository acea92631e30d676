package fyr.kernel.nft;

/** The value of an element. */
public sealed interface NftData {

    /** Of a set: being there is all. */
    record None() implements NftData {}

    /** Of a map. */
    record Value(Bytes bytes) implements NftData {}

    /** Of a verdict map. */
    record Verdict(NftVerdict verdict) implements NftData {}
}
