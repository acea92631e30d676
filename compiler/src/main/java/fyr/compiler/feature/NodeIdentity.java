package fyr.compiler.feature;

import fyr.compiler.conntrack.ConntrackOptions;
import fyr.kernel.link.HostLink;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What a node knows about itself, in addition to what the cluster says about it.
 *
 * @param name the name of its Node object
 * @param uplink the link that carries its InternalIP address
 * @param overlay when to tunnel
 * @param dnsAddresses where this node answers cluster DNS, at most one for each family
 * @param clusterPrefixes further prefixes of the cluster, to which pods talk without masquerade (option --cluster-cidr)
 * @param dnsClients who may query cluster DNS on this node, in addition to its pods and the node itself (option --dns-client)
 * @param needed hosts outside the cluster's nodes that this node needs, as far as it knows their addresses: no other node's block may
 *     contain them, whatever its Node says
 * @param apiServer the one of them that is the API server
 * @param services what its operator decided about Services
 * @param conntrack what its operator decided about connection tracking
 * @param arp for which of its addresses it answers ARP
 */
public record NodeIdentity(
        String name,
        HostLink uplink,
        Overlay overlay,
        List<IpAddress> dnsAddresses,
        List<Prefix> clusterPrefixes,
        List<Prefix> dnsClients,
        List<IpAddress> needed,
        Optional<IpAddress> apiServer,
        ServiceOptions services,
        ConntrackOptions conntrack,
        ArpAnswers arp) {

    public NodeIdentity {
        dnsAddresses = List.copyOf(dnsAddresses);
        clusterPrefixes = List.copyOf(clusterPrefixes);
        dnsClients = List.copyOf(dnsClients);
        needed = List.copyOf(needed);
    }

    /** A node on which nobody else may query cluster DNS, and that needs no other hosts. */
    public NodeIdentity(
            String name, HostLink uplink, Overlay overlay, List<IpAddress> dnsAddresses, List<Prefix> clusterPrefixes) {
        this(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                List.of(),
                List.of(),
                Optional.empty(),
                ServiceOptions.USUAL,
                ConntrackOptions.USUAL,
                ArpAnswers.AS_IT_IS);
    }

    /** The same, with others who may query cluster DNS. */
    public NodeIdentity withDnsClients(List<Prefix> clients) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                clients,
                needed,
                apiServer,
                services,
                conntrack,
                arp);
    }

    /** The same, with other hosts that the node needs. */
    public NodeIdentity withNeeded(List<IpAddress> hosts) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                dnsClients,
                hosts,
                apiServer,
                services,
                conntrack,
                arp);
    }

    /** The same, with another API server. */
    public NodeIdentity withApiServer(Optional<IpAddress> server) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                dnsClients,
                needed,
                server,
                services,
                conntrack,
                arp);
    }

    /** The same, with other decisions about Services. */
    public NodeIdentity withServices(ServiceOptions options) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                dnsClients,
                needed,
                apiServer,
                options,
                conntrack,
                arp);
    }

    /** The same, with other decisions about connection tracking. */
    public NodeIdentity withConntrack(ConntrackOptions options) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                dnsClients,
                needed,
                apiServer,
                services,
                options,
                arp);
    }

    /** The same, with other answers to ARP. */
    public NodeIdentity withArp(ArpAnswers answers) {
        return new NodeIdentity(
                name,
                uplink,
                overlay,
                dnsAddresses,
                clusterPrefixes,
                dnsClients,
                needed,
                apiServer,
                services,
                conntrack,
                answers);
    }

    /** How pods of other nodes are reached. */
    public enum Overlay {
        /** Directly where both nodes share a subnet, through VXLAN otherwise. */
        AUTO,
        /** Always through VXLAN. */
        VXLAN,
        /** Never through a tunnel: the network between the subnets routes the pods' prefixes. */
        DIRECT
    }
}
