package fyr.bgp.rib;

import fyr.model.address.Family;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of one family. A hash table with open addressing (linear probing): hundreds of thousands of destinations cost one object
 * each and nothing is made to find one.
 */
public final class RouteTable {

    private static final int SMALLEST = 64;

    private final Family family;

    /** Twice as large as the number of destinations, at least; a power of two. */
    private @Nullable Destination[] slots = new Destination[SMALLEST];

    /** By number; numbers of destinations that are gone are used again. */
    private @Nullable Destination[] byNumber = new Destination[SMALLEST / 2];

    private int[] free = new int[SMALLEST / 2];
    private int freeCount;
    private int numbers;
    private int size;

    RouteTable(Family family) {
        this.family = family;
    }

    /** The family of all prefixes in the table. */
    public Family family() {
        return family;
    }

    /** How many destinations have paths. */
    public int size() {
        return size;
    }

    /** Above the number of every destination. */
    int numbers() {
        return numbers;
    }

    /** The destination of this number; null if there is none now. */
    @Nullable
    Destination at(int number) {
        return number < numbers ? byNumber[number] : null;
    }

    /** The destination of a prefix, if there are paths to it. */
    public Optional<Destination> find(Prefix prefix) {
        return Optional.ofNullable(
                switch (prefix.address()) {
                    case Ipv4Address(int bits) -> find((long) bits << 32, 0, prefix.length());
                    case Ipv6Address(long high, long low) -> find(high, low, prefix.length());
                });
    }

    @Nullable
    Destination find(long high, long low, int length) {
        return slots[slot(high, low, length)];
    }

    /** The slot of a destination, or the one that it would get. */
    private int slot(long high, long low, int length) {
        int mask = slots.length - 1;
        int at = Destination.hash(high, low, length) & mask;
        for (Destination there = slots[at]; there != null; there = slots[at]) {
            if (there.is(high, low, length)) {
                return at;
            }
            at = at + 1 & mask;
        }
        return at;
    }

    /** The destination of a prefix, made if there is none. */
    Destination findOrAdd(long high, long low, int length) {
        int at = slot(high, low, length);
        Destination there = slots[at];
        if (there != null) {
            return there;
        }
        Destination added = new Destination(high, low, length, freeCount > 0 ? free[--freeCount] : numbers++);
        slots[at] = added;
        if (added.number == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, byNumber.length * 2);
        }
        byNumber[added.number] = added;
        if (++size * 2 > slots.length) {
            resize(slots.length * 2);
        }
        return added;
    }

    private void resize(int length) {
        @Nullable Destination[] old = slots;
        slots = new Destination[length];
        for (Destination destination : old) {
            if (destination != null) {
                slots[slot(destination.high(), destination.low(), destination.length())] = destination;
            }
        }
    }

    /** Removes a destination that has no paths left. */
    void remove(Destination gone) {
        int hole = slot(gone.high(), gone.low(), gone.length());
        closeGap(hole);
        byNumber[gone.number] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, free.length * 2);
        }
        free[freeCount++] = gone.number;
        size--;
        if (slots.length > SMALLEST && size * 8 < slots.length) {
            resize(slots.length / 2);
        }
    }

    /** Moves what follows back, so that searches do not end too early (Knuth, volume 3, algorithm 6.4 R). */
    private void closeGap(int hole) {
        int mask = slots.length - 1;
        int gap = hole;
        slots[gap] = null;
        for (int at = gap + 1 & mask; slots[at] != null; at = at + 1 & mask) {
            Destination moving = slots[at];
            int home = moving.hash() & mask;
            if ((at - home & mask) >= (at - gap & mask)) {
                slots[gap] = moving;
                slots[at] = null;
                gap = at;
            }
        }
    }

    /** Calls back for every destination, in no useful order; the table may not be changed meanwhile. */
    public void forEach(Consumer<Destination> action) {
        for (int number = 0; number < numbers; number++) {
            Destination destination = byNumber[number];
            if (destination != null) {
                action.accept(destination);
            }
        }
    }
}
