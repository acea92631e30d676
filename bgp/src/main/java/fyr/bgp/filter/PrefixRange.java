package fyr.bgp.filter;

import fyr.model.address.Prefix;

/**
 * The prefixes in a block whose length is within a range: {@code 10.244.0.0/16 le 26} of other routers is the block 10.244.0.0/16 with
 * lengths 16 to 26.
 *
 * @param shortest at least the length of the block
 * @param longest at most 32 or 128
 */
public record PrefixRange(Prefix block, int shortest, int longest) {

    public PrefixRange {
        if (shortest < block.length()
                || longest < shortest
                || longest > block.family().bits()) {
            throw new IllegalArgumentException(
                    "no prefix in " + block + " has a length within " + shortest + ".." + longest);
        }
    }

    /** The block itself. */
    public static PrefixRange exactly(Prefix block) {
        return new PrefixRange(block, block.length(), block.length());
    }

    /** The block and all that lies in it. */
    public static PrefixRange within(Prefix block) {
        return new PrefixRange(block, block.length(), block.family().bits());
    }

    /** Whether a prefix is one of these. */
    public boolean contains(Prefix prefix) {
        return prefix.length() >= shortest && prefix.length() <= longest && block.contains(prefix);
    }

    @Override
    public String toString() {
        return shortest == longest && shortest == block.length()
                ? block.toString()
                : block + " " + shortest + ".." + longest;
    }
}
