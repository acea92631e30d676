package fyr.kernel.nft;

/** Where evaluation goes on. */
public sealed interface NftVerdict {

    /** The packet passes this hook (of this base chain). */
    record Accept() implements NftVerdict {}

    /** The packet is gone. */
    record Drop() implements NftVerdict {}

    /** Evaluate that chain and come back. */
    record Jump(String chain) implements NftVerdict {}

    /** Evaluate that chain and do not come back. */
    record Goto(String chain) implements NftVerdict {}

    /** Back to the chain that jumped here; in a base chain, its policy. */
    record Return() implements NftVerdict {}
}
