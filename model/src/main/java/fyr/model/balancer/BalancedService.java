package fyr.model.balancer;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What matters of a Service to those who assign load balancer addresses. Services that neither ask for addresses nor have any are not among
 * them.
 *
 * @param created when the object was created, in seconds since 1970; the older of two Services gets what both ask for
 * @param request what it asks for; empty if it asks for nothing, and what it has is to be taken from it
 * @param addresses the addresses in its status, with {@code ipMode} VIP or none
 * @param foreign whether its status contains what no assignment of addresses contains, such as a host name
 * @param condition the condition {@link #CONDITION} of its status
 */
public record BalancedService(
        NamespacedName name,
        String uid,
        long created,
        Labels labels,
        Optional<Request> request,
        List<IpAddress> addresses,
        boolean foreign,
        Optional<Condition> condition) {

    /** The condition of a Service that says whether it has the addresses that it asks for. */
    public static final String CONDITION = "fyr.dev/AddressAssigned";

    public BalancedService {
        addresses = List.copyOf(addresses);
    }

    /**
     * What a Service asks for.
     *
     * @param loadBalancerClass {@code spec.loadBalancerClass}; empty if absent
     * @param families of which it needs an address each
     * @param allFamilies whether it needs all of them ({@code RequireDualStack}), or takes what there is
     * @param wanted the addresses that it names; empty if any will do
     * @param complaint why what it names cannot be meant; empty if it can
     * @param pool the pool that it names
     * @param sharing Services with the same word may have one address, with different ports
     * @param backend Services that share an address lead to the same endpoints if this is equal; empty if that does not matter
     */
    public record Request(
            Optional<String> loadBalancerClass,
            List<Family> families,
            boolean allFamilies,
            Set<IpAddress> wanted,
            Optional<String> complaint,
            Optional<String> pool,
            Optional<String> sharing,
            String backend,
            Set<PortKey> ports) {

        public Request {
            families = List.copyOf(families);
            wanted = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(wanted));
            ports = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(ports));
        }
    }

    /** A protocol and a port. */
    public record PortKey(Protocol protocol, int port) implements Comparable<PortKey> {

        @Override
        public int compareTo(PortKey other) {
            int byProtocol = protocol.compareTo(other.protocol);
            return byProtocol != 0 ? byProtocol : Integer.compare(port, other.port);
        }

        @Override
        public String toString() {
            return protocol + "/" + port;
        }
    }
}
