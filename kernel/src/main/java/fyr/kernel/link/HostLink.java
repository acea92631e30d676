package fyr.kernel.link;

import fyr.model.address.Prefix;
import java.util.List;

/**
 * A link of the node that Fyr did not make.
 *
 * @param mtu in bytes
 * @param subnets the prefixes of its addresses, as configured ({@code 172.18.0.11/24} gives {@code 172.18.0.0/24})
 */
public record HostLink(String name, int mtu, List<Prefix> subnets) {
    public HostLink {
        subnets = List.copyOf(subnets);
    }
}
