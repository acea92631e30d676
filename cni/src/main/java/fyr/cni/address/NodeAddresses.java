package fyr.cni.address;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The pods' addresses of one node: one of each of its blocks for every attachment. Safe on any thread: every method holds one lock for a
 * few instructions, which is all that parallel attachments share.
 */
public final class NodeAddresses {

    private final List<AddressPool> pools;

    /**
     * @param blocks the node's podCIDRs, at most one of each family
     * @param inUse addresses that must not be given out; those outside the blocks are ignored
     * @param last addresses to continue after, as {@link #last} returned them; for a block without one it is the highest in use
     */
    public NodeAddresses(List<Prefix> blocks, Collection<IpAddress> inUse, Collection<IpAddress> last) {
        pools = blocks.stream().map(AddressPool::new).toList();
        inUse.forEach(address -> pools.forEach(pool -> pool.reserve(address)));
        last.forEach(address -> pools.forEach(pool -> pool.resume(address)));
    }

    /** Which addresses were taken last, at most one of each block. */
    public synchronized List<IpAddress> last() {
        return pools.stream().flatMap(pool -> pool.last().stream()).toList();
    }

    /** The result of taking addresses. */
    public sealed interface Taken {
        /** One of each block, in the order of the blocks. */
        record Addresses(List<IpAddress> addresses) implements Taken {}

        /** Nothing was taken: this block has no address left. */
        record Exhausted(Prefix block) implements Taken {}
    }

    /** Takes one address of each block, or none at all. */
    public synchronized Taken take() {
        Optional<Prefix> full = exhausted();
        if (full.isPresent()) {
            return new Taken.Exhausted(full.get());
        }
        List<IpAddress> addresses = new ArrayList<>();
        pools.forEach(pool -> pool.take().ifPresent(addresses::add));
        return new Taken.Addresses(List.copyOf(addresses));
    }

    /** The first block that has no address left. */
    public synchronized Optional<Prefix> exhausted() {
        return pools.stream()
                .filter(AddressPool::exhausted)
                .map(AddressPool::block)
                .findFirst();
    }

    /** Gives addresses back; those outside the blocks are ignored. */
    public synchronized void release(Collection<IpAddress> addresses) {
        addresses.forEach(address -> pools.forEach(pool -> pool.release(address)));
    }

    /** Whether all of these lie in the blocks, one in each. */
    public boolean serves(List<IpAddress> addresses) {
        return addresses.size() == pools.size()
                && addresses.stream()
                        .allMatch(address ->
                                pools.stream().anyMatch(pool -> pool.block().contains(address)));
    }
}
