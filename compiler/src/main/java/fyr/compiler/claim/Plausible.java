package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.address.SpecialAddresses;
import fyr.model.observation.Complaint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a Node that can be true whatever the other nodes say. A node's addresses are written by its kubelet, and so are the blocks
 * of a node that registers itself: they must not lead to a route that the kernel refuses, or to one that sends the whole world's traffic to
 * one node.
 *
 * @param blocks at most one for each family
 * @param complaints about what was left out
 */
record Plausible(List<IpAddress> addresses, List<Prefix> blocks, List<Complaint> complaints) {

    private static final int SHORTEST_IPV4 = 8;
    private static final int SHORTEST_IPV6 = 16;
    private static final int POINT_TO_POINT =
            1; // bits: such a subnet has no broadcast or anycast address (RFC 3021, RFC 6164)
    private static final int ROOM = 2; // bits: the tunnel needs one address, pods need others

    static Plausible of(Node node, Optional<Node> self, NodeIdentity identity) {
        Plausible plausible = new Plausible(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (IpAddress address : node.addresses()) {
            plausible.judge(
                    node,
                    "status.addresses",
                    address + " is ",
                    fault(node, address, self, identity),
                    () -> plausible.addresses.add(address));
        }
        Set<Family> families = EnumSet.noneOf(Family.class);
        for (int i = 0; i < node.podCidrs().size(); i++) {
            Prefix block = node.podCidrs().get(i);
            Optional<String> fault = fault(node, block, identity);
            if (fault.isEmpty() && !families.add(block.family())) {
                fault = Optional.of("not the first block of its family");
            }
            plausible.judge(node, "spec.podCIDRs[" + i + "]", block + " is ", fault, () -> plausible.blocks.add(block));
        }
        return plausible;
    }

    private void judge(Node node, String field, String what, Optional<String> fault, Runnable good) {
        fault.ifPresentOrElse(
                why -> complaints.add(new Complaint("Node", node.name(), field, what + why + "; left out")), good);
    }

    private static Optional<String> fault(Node node, IpAddress address, Optional<Node> self, NodeIdentity identity) {
        Optional<String> special = SpecialAddresses.kind(address).map(kind -> "a special address (" + kind + ")");
        if (special.isPresent() || node.name().equals(identity.name())) {
            return special;
        }
        if (self.filter(own -> own.addresses().contains(address)).isPresent()) {
            return Optional.of("the InternalIP of this node, " + identity.name());
        }
        return identity.uplink().subnets().stream()
                .filter(subnet -> endOf(subnet, address))
                .map(subnet -> "an address of the subnet " + subnet + " that no node can have (its first or last)")
                .findFirst();
    }

    /**
     * The network and broadcast address of IPv4; the subnet-router anycast address of IPv6 (RFC 4291 section 2.6.1), which a router has
     * itself.
     */
    private static boolean endOf(Prefix subnet, IpAddress address) {
        return subnet.length() < subnet.family().bits() - POINT_TO_POINT
                && (address.equals(subnet.address())
                        || subnet.family() == Family.IPV4 && address.equals(subnet.last()));
    }

    private static Optional<String> fault(Node node, Prefix block, NodeIdentity identity) {
        Optional<String> special =
                SpecialAddresses.kind(block).map(kind -> "not only of ordinary addresses (" + kind + ")");
        int shortest = block.family() == Family.IPV4 ? SHORTEST_IPV4 : SHORTEST_IPV6;
        if (special.isPresent()) {
            return special;
        }
        if (block.length() < shortest) {
            return Optional.of("too large for one node: the largest is a /" + shortest);
        }
        if (block.length() > block.family().bits() - ROOM) {
            return Optional.of("too small for a pod");
        }
        if (node.addresses().stream().anyMatch(block::contains)) {
            return Optional.of("around the node's own InternalIP");
        }
        return identity.dnsAddresses().stream()
                .filter(block::contains)
                .map(dns -> "around " + dns + ", the address of cluster DNS")
                .findFirst()
                .or(() -> node.name().equals(identity.name()) ? Optional.empty() : taken(block, identity));
    }

    /**
     * Blocks that contain other hosts: a route to such a block would make every node send their traffic to one node. Kubernetes requires
     * separate addresses for nodes and pods (https://kubernetes.io/docs/concepts/cluster-administration/networking/).
     */
    private static Optional<String> taken(Prefix block, NodeIdentity identity) {
        return identity.uplink().subnets().stream()
                .filter(block::overlaps)
                .map(subnet -> "not apart from " + subnet + ", the subnet of Node " + identity.name())
                .findFirst()
                .or(() -> identity.needed().stream()
                        .filter(block::contains)
                        .map(host -> "around " + host + ", the API server or a resolver of Node " + identity.name())
                        .findFirst());
    }
}
