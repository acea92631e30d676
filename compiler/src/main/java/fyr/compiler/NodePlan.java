package fyr.compiler;

import fyr.compiler.claim.Granted;
import fyr.compiler.feature.Features;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.hostport.HostPortRules;
import fyr.compiler.routing.Overlay;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsView;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;

/**
 * Everything a node should look like, and what it was computed from, so that the next plan can reuse it.
 *
 * @param identity the node
 * @param claims which objects were granted what
 * @param services what services mean on the node
 * @param features the shares of the features
 */
public record NodePlan(NodeIdentity identity, Granted claims, ServiceTable services, Features features) {

    /** The desired contents of the kernel's tables. */
    public KernelPlan kernel() {
        return features.kernel();
    }

    /** The names of cluster DNS. */
    public DnsView names() {
        return features.get(NodeFeatures.DNS).view();
    }

    /** Where the host ports of this node lead. */
    public HostPortRules hostPorts() {
        return features.get(NodeFeatures.HOST_PORTS);
    }

    /** This node, with what it was granted; empty as long as its Node object is unknown. */
    public Optional<Node> self() {
        return claims.nodes().granted().get(identity.name());
    }

    /** What was left out of this node's Node object, and why. */
    public List<Complaint> complaintsAboutSelf() {
        return claims.nodes().complaints().get("Node " + identity.name()).orElse(List.of());
    }

    /** The MTU of pods' links. */
    public int podMtu() {
        return Overlay.podMtu(identity, self());
    }

    /** Where this node answers cluster DNS. */
    public List<IpAddress> dnsAddresses() {
        return identity.dnsAddresses();
    }

    /** What was left out of objects and why, one map for each sort of object. */
    public List<PersistentMap<String, List<Complaint>>> complaints() {
        return claims.complaints();
    }

    /** What services ask for and this plan does not do yet. */
    public PersistentMap<NamespacedName, List<Complaint>> shortfalls() {
        return NodeFeatures.shortfalls(features, identity.services().mode());
    }
}
