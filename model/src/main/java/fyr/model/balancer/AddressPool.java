package fyr.model.balancer;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.policy.LabelSelector;
import java.util.List;
import java.util.Optional;

/**
 * Addresses for Services of type LoadBalancer (an AddressPool of fyr.dev).
 *
 * @param created when the object was created, in seconds since 1970; 0 if unknown
 * @param ranges its usable addresses
 * @param invalid what its list of addresses contains besides, each with the reason why it is not usable
 * @param priority pools with a lower number are used first; 0 stands for the lowest priority
 * @param autoAssign whether Services that do not ask for this pool get addresses of it
 * @param avoidBuggyIps whether IPv4 addresses that end with .0 or .255 are left out, which some old devices do not accept
 * @param services which Services may have its addresses, by their labels
 * @param namespaces which Services may have its addresses, by the labels of their namespaces
 * @param status what its status says now
 */
public record AddressPool(
        String name,
        String uid,
        long created,
        List<AddressRange> ranges,
        List<String> invalid,
        long priority,
        boolean autoAssign,
        boolean avoidBuggyIps,
        Optional<LabelSelector> services,
        Optional<LabelSelector> namespaces,
        PoolStatus status) {

    public AddressPool {
        ranges = List.copyOf(ranges);
        invalid = List.copyOf(invalid);
    }

    /** Whether the address is one of this pool. */
    public boolean contains(IpAddress address) {
        return !skips(address) && ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether the address is left out although it lies in a range. */
    public boolean skips(IpAddress address) {
        return avoidBuggyIps
                && address instanceof Ipv4Address(int bits)
                && ((bits & 0xff) == 0 || (bits & 0xff) == 0xff);
    }

    /** The number of its addresses of this family, at most {@link Long#MAX_VALUE}. Addresses in two of its ranges count twice. */
    public long size(Family family) {
        long sum = 0;
        for (AddressRange range : ranges) {
            if (range.family() == family) {
                long size = range.size() - skipped(range);
                sum = sum + size < 0 ? Long.MAX_VALUE : sum + size;
            }
        }
        return sum;
    }

    private long skipped(AddressRange range) {
        if (!avoidBuggyIps
                || !(range.first() instanceof Ipv4Address(int first))
                || !(range.last() instanceof Ipv4Address(int last))) {
            return 0;
        }
        long from = Integer.toUnsignedLong(first);
        long to = Integer.toUnsignedLong(last);
        long zeros = (to >> 8) - (from + 0xff >> 8) + 1; // multiples of 256
        long ends = (to + 1 >> 8) - (from >> 8); // those one below
        return zeros + ends;
    }
}
