package fyr.cni.address;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The addresses of one block, given out in rotation: a released address is used again only after all others, so that a late packet or a
 * stale cache does not reach the wrong pod. Not thread-safe: {@link NodeAddresses} is.
 */
final class AddressPool {

    /** Only this many addresses of a larger block are used: far more than the pods that a node can have, and the bits fit in 8 KiB. */
    static final int SIZE_MAX = 1 << 16;

    private final Prefix block;
    private final int size;
    private final BitSet taken;
    private int next;

    AddressPool(Prefix block) {
        this.block = block;
        int hostBits = block.family().bits() - block.length();
        this.size = hostBits >= 16 ? SIZE_MAX : 1 << hostBits;
        this.taken = new BitSet(size);
        // The block's first address is the overlay device's; in IPv4 the last one is the broadcast address (RFC 919).
        taken.set(0);
        if (block.family() == Family.IPV4 && hostBits <= 16) {
            taken.set(size - 1);
        }
    }

    Prefix block() {
        return block;
    }

    boolean exhausted() {
        return taken.cardinality() == size;
    }

    Optional<IpAddress> take() {
        if (exhausted()) {
            return Optional.empty();
        }
        int after = taken.nextClearBit(next);
        int offset = after < size ? after : taken.nextClearBit(0);
        taken.set(offset);
        next = offset + 1;
        return Optional.of(block.address().plus(offset));
    }

    /** The address that was taken last, or that counts as such; empty if there is none yet. */
    Optional<IpAddress> last() {
        return next == 0 ? Optional.empty() : Optional.of(block.address().plus(next - 1L));
    }

    /** Continues after an address; one outside the block is ignored. */
    void resume(IpAddress address) {
        offset(address).ifPresent(offset -> next = offset + 1);
    }

    /** Marks an address that was given out before, and continues after the highest such; addresses outside are ignored. */
    void reserve(IpAddress address) {
        offset(address).ifPresent(offset -> {
            taken.set(offset);
            next = Math.max(next, offset + 1);
        });
    }

    void release(IpAddress address) {
        offset(address).ifPresent(taken::clear);
    }

    /** The position of an address of pods in this block. */
    private OptionalInt offset(IpAddress address) {
        if (!block.contains(address)) {
            return OptionalInt.empty();
        }
        long offset = switch (address) {
            case Ipv4Address(int bits) -> Integer.toUnsignedLong(bits - ((Ipv4Address) block.address()).bits());
            case Ipv6Address(long high, long low) -> {
                Ipv6Address first = (Ipv6Address) block.address();
                yield high == first.high() ? low - first.low() : -1;
            }
        };
        boolean broadcast = block.family() == Family.IPV4 && address.equals(block.last());
        return offset > 0 && offset < size && !broadcast ? OptionalInt.of((int) offset) : OptionalInt.empty();
    }
}
