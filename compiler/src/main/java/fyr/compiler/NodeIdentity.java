package fyr.compiler;

import fyr.kernel.link.HostLink;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;

/**
 * What a node knows of itself, beside what the cluster says of it.
 *
 * @param name its Node object's name
 * @param uplink the link that carries its InternalIP address
 * @param overlay when to tunnel
 * @param dnsAddresses where this node answers cluster DNS, at most one for each family
 * @param clusterPrefixes further prefixes of the cluster, to which pods talk without masquerade (option --cluster-cidr)
 * @param dnsClients who may ask cluster DNS at this node, beside its pods and itself (option --dns-client)
 * @param needed hosts outside the cluster's nodes that this node cannot do without, as far as it knows their addresses: no other node's pods
 *     are there, whatever its Node says
 */
public record NodeIdentity(
        String name,
        HostLink uplink,
        Overlay overlay,
        List<IpAddress> dnsAddresses,
        List<Prefix> clusterPrefixes,
        List<Prefix> dnsClients,
        List<IpAddress> needed) {

    public NodeIdentity {
        dnsAddresses = List.copyOf(dnsAddresses);
        clusterPrefixes = List.copyOf(clusterPrefixes);
        dnsClients = List.copyOf(dnsClients);
        needed = List.copyOf(needed);
    }

    /** A node at which nobody else may ask cluster DNS, and that needs nobody. */
    public NodeIdentity(
            String name, HostLink uplink, Overlay overlay, List<IpAddress> dnsAddresses, List<Prefix> clusterPrefixes) {
        this(name, uplink, overlay, dnsAddresses, clusterPrefixes, List.of(), List.of());
    }

    /** How pods of other nodes are reached. */
    public enum Overlay {
        /** Directly where both nodes share a subnet, through VXLAN otherwise. */
        AUTO,
        /** Always through VXLAN. */
        VXLAN,
        /** Never through a tunnel: the network between the subnets knows the pods' prefixes. */
        DIRECT
    }
}
