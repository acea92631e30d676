package fyr.compiler.policy.number;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives things 32-bit numbers that depend on nothing but which things there are, and on the others hardly ever. A thing's number is made
 * from its hash. Of several with the same, the first in their order keeps it; the rest are counted in the upper half of the range. Zero is
 * never given.
 */
public final class Numbers {

    /** The mask that leaves a hash as it is; tests use narrower ones, so that numbers collide. */
    public static final int ALL_BITS = -1;

    private Numbers() {}

    /** What can be numbered: different contents may have one hash, but the order tells them apart. */
    public interface Numbered {
        /** A hash of the contents, the same in every process. */
        long stableHash();
    }

    /** The number that a thing has unless another one has it. */
    public static int preferred(Numbered thing, int mask) {
        return Math.max(1, (int) thing.stableHash() & Integer.MAX_VALUE & mask);
    }

    /** The numbers of these things. */
    public static <T extends Numbered> Map<T, Integer> of(
            Collection<T> distinct, Comparator<? super T> order, int mask) {
        Map<Integer, T> holders = new HashMap<>();
        List<T> displaced = new ArrayList<>();
        for (T thing : distinct) {
            T holder = holders.putIfAbsent(preferred(thing, mask), thing);
            if (holder != null) {
                boolean first = order.compare(thing, holder) < 0;
                holders.put(preferred(thing, mask), first ? thing : holder);
                displaced.add(first ? holder : thing);
            }
        }
        Map<T, Integer> numbers = new HashMap<>();
        holders.forEach((number, thing) -> numbers.put(thing, number));
        displaced.sort(order);
        for (int i = 0; i < displaced.size(); i++) {
            numbers.put(displaced.get(i), Integer.MIN_VALUE + 1 + i);
        }
        return numbers;
    }
}
