package fyr.compiler.service.nft;

import java.util.stream.IntStream;

/**
 * The numbers that random slots are drawn below. The rules are constant, so there are few of them: each up to {@value #EXACT}, then two for
 * each power of two. A number that is drawn may be too large for the service; then the rules draw again, and at last below the next lower
 * tier, where all slots are taken. Three draws miss in one of 27 cases at most, so no endpoint gets 6 % more than another.
 */
final class ServiceTier {

    /** Up to this number every number is a tier. */
    static final int EXACT = 16;

    /** The largest number of slots; a service has no slots for more endpoints. */
    static final int LARGEST = 1 << 16;

    /** How often a number is drawn that may be too large. */
    static final int DRAWS = 3;

    private static final int[] ALL = IntStream.rangeClosed(1, LARGEST)
            .filter(number -> of(number) == number)
            .toArray();

    private ServiceTier() {}

    /** The tier for this many endpoints, at least one. */
    static int of(int endpoints) {
        if (endpoints <= EXACT) {
            return endpoints;
        }
        int power = Integer.highestOneBit(Math.min(endpoints, LARGEST) - 1);
        return endpoints <= power + power / 2 ? power + power / 2 : 2 * power;
    }

    /** The next lower tier. */
    static int below(int tier) {
        int power = Integer.highestOneBit(tier - 1);
        return tier <= EXACT ? tier - 1 : tier == 2 * power ? power + power / 2 : power;
    }

    /** Every tier there is a chain for, in ascending order. */
    static IntStream all() {
        return IntStream.of(ALL);
    }
}
