package fyr.compiler.routing;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.link.UntrustedLink;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pod network of one node, and the inputs that it was made from. */
public record RoutingPlan(
        PersistentMap<String, Node> nodes,
        PersistentMap<String, Attachment> attachments,
        NodeIdentity identity,
        PersistentMap<RouteKey, Route> routes,
        PersistentMap<NeighbourKey, Neighbour> neighbours,
        PersistentMap<FdbKey, FdbEntry> fdb,
        int tunnels)
        implements Feature<RoutingPlan> {

    /** The plan of a node that knows no other nodes. */
    public static RoutingPlan empty(NodeIdentity identity) {
        return new RoutingPlan(
                PersistentMap.empty(),
                PersistentMap.empty(),
                identity,
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                0);
    }

    /** Only nodes and attachments that changed are processed, unless this node itself changed. */
    @Override
    public RoutingPlan next(FeatureInputs inputs) {
        PersistentMap<String, Node> now = inputs.snapshot().nodes();
        boolean sameSelf = nodes.get(identity.name()).equals(now.get(identity.name()));
        return (sameSelf ? this : empty(identity)).difference(now, inputs.attachments());
    }

    private RoutingPlan difference(
            PersistentMap<String, Node> newNodes, PersistentMap<String, Attachment> newAttachments) {
        RoutingChange change = new RoutingChange(routes, neighbours, fdb, tunnels);
        Optional<Node> self = newNodes.get(identity.name());
        // Removals come first: an address or a block may pass from one node to another in one step.
        newNodes.differences(
                nodes,
                (_, before, _) -> change.remove(Optional.ofNullable(before)
                        .map(node -> PeerRoutes.of(node, self, identity))
                        .orElse(PeerRoutes.NONE)));
        newAttachments.differences(
                attachments,
                (_, before, _) -> change.remove(
                        Optional.ofNullable(before).map(PodRoutes::of).orElse(PodRoutes.NONE)));
        newNodes.differences(
                nodes,
                (_, _, after) -> change.add(Optional.ofNullable(after)
                        .map(node -> PeerRoutes.of(node, self, identity))
                        .orElse(PeerRoutes.NONE)));
        newAttachments.differences(
                attachments,
                (_, _, after) ->
                        change.add(Optional.ofNullable(after).map(PodRoutes::of).orElse(PodRoutes.NONE)));
        newNodes.differences(nodes, (name, before, after) -> {
            if (name.equals(identity.name())) {
                change.ownBlocks(Optional.ofNullable(before), Optional.ofNullable(after));
            }
        });
        return new RoutingPlan(
                newNodes, newAttachments, identity, change.routes, change.neighbours, change.fdb, change.tunnels);
    }

    private Optional<Node> self() {
        return nodes.get(identity.name());
    }

    /** The VXLAN device, if any node is reached through it. */
    public PersistentMap<String, Link> links() {
        return self().filter(_ -> tunnels > 0)
                .flatMap(Overlay::endpoint)
                .map(local -> PersistentMap.of(Map.of(Overlay.LINK, Overlay.device(identity, local))))
                .orElse(PersistentMap.empty());
    }

    /** Addresses of the VXLAN device, and those of cluster DNS. */
    public PersistentMap<AddressKey, InterfaceAddress> addresses() {
        PersistentMap<AddressKey, InterfaceAddress> addresses = PersistentMap.empty();
        if (tunnels > 0) {
            for (Prefix podCidr : self().map(Node::podCidrs).orElseThrow()) {
                addresses = addresses.with(
                        new AddressKey(Overlay.LINK, Overlay.address(podCidr)),
                        new InterfaceAddress(podCidr.family().bits()));
            }
        }
        for (IpAddress address : identity.dnsAddresses()) {
            addresses = addresses.with(new AddressKey("lo", address), listenedAt(address));
        }
        return addresses;
    }

    /**
     * Local to the node, but not used as a source: for packets to its pods, whose links have no address, the kernel takes the first address
     * that it finds, beginning at {@code lo} (inet_select_addr in net/ipv4/devinet.c). Probes would come from the address of cluster DNS.
     */
    private static InterfaceAddress listenedAt(IpAddress address) {
        return new InterfaceAddress(address.family().bits(), false);
    }

    /**
     * Forwarding, for the families in which pods have addresses: a kernel may be without IPv6 (ipv6.disable=1), and then the file does not
     * exist. Also the settings that keep senders into the tunnel from configuring the node.
     */
    public PersistentMap<SysctlKey, String> sysctls() {
        PersistentMap<SysctlKey, String> sysctls = PersistentMap.empty();
        for (String link : links().sorted().keySet()) {
            sysctls = sysctls.withAll(UntrustedLink.settingsOfTunnel(link));
        }
        for (Prefix podCidr : self().map(Node::podCidrs).orElse(List.of())) {
            sysctls = sysctls.with(forwarding(podCidr.family()), "1");
        }
        return sysctls;
    }

    private static SysctlKey forwarding(Family family) {
        return new SysctlKey(
                switch (family) {
                    case IPV4 -> "net/ipv4/ip_forward";
                    case IPV6 -> "net/ipv6/conf/all/forwarding";
                });
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty()
                .with(Tables.SYSCTLS, sysctls())
                .with(Tables.LINKS, links())
                .with(Tables.ADDRESSES, addresses())
                .with(Tables.NEIGHBOURS, neighbours)
                .with(Tables.FDB, fdb)
                .with(Tables.ROUTES, routes);
    }
}
