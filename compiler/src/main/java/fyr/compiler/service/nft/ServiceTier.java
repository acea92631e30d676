package fyr.compiler.service.nft;

import java.util.stream.IntStream;

/**
 * How many slots a service's endpoints are spread over. The rules are constant, so the modulus of the random slot must be one of a few
 * constants: up to {@value #EXACT} endpoints have a slot each; more share a power of two of at least eight slots each, so that the
 * busiest endpoint gets at most one part in eight more than the idlest.
 */
final class ServiceTier {

    /** The largest number of endpoints with exactly one slot each. */
    static final int EXACT = 64;

    /** The largest number of slots; beyond {@code LARGEST / 8} endpoints the spread is less even, beyond LARGEST the rest gets nothing. */
    private static final int LARGEST = 1 << 16;

    private ServiceTier() {}

    /** Slots for this many endpoints, at least one. */
    static int slots(int endpoints) {
        return endpoints <= EXACT ? endpoints : Math.min(LARGEST, Integer.highestOneBit(8 * endpoints - 1) << 1);
    }

    /** Every number of slots there is a chain for. */
    static IntStream all() {
        return IntStream.concat(
                IntStream.rangeClosed(1, EXACT),
                IntStream.iterate(slots(EXACT + 1), slots -> slots <= LARGEST, slots -> slots * 2));
    }
}
