package fyr.model.balancer;

import java.util.List;

/**
 * The status of an {@link AddressPool}.
 *
 * @param assignedIpv4 how many of its IPv4 addresses Services have
 * @param availableIpv4 how many of its IPv4 addresses are free
 * @param conditions sorted by type
 */
public record PoolStatus(
        long assignedIpv4, long availableIpv4, long assignedIpv6, long availableIpv6, List<Condition> conditions) {

    /** That of a pool that nobody has looked at. */
    public static final PoolStatus NONE = new PoolStatus(0, 0, 0, 0, List.of());

    public PoolStatus {
        conditions = conditions.stream().sorted().toList();
    }
}
