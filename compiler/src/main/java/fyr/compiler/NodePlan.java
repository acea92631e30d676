package fyr.compiler;

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

/** Everything a node should look like, and what it was computed from part by part, so that the next plan can reuse it. */
public record NodePlan(KernelPlan kernel, DnsView names, Parts parts) {

    /** What services mean on the node. */
    public ServiceTable services() {
        return parts.services();
    }

    /** This node, with what it was granted; empty as long as its Node object is unknown. */
    public Optional<Node> self() {
        return parts.granted().nodes().granted().get(parts.identity().name());
    }

    /** What was left out of this node's Node object, and why. */
    public List<Complaint> complaintsAboutSelf() {
        return parts.granted()
                .nodes()
                .complaints()
                .get("Node " + parts.identity().name())
                .orElse(List.of());
    }

    /** The MTU of pods' links. */
    public int podMtu() {
        return Overlay.podMtu(parts.identity(), self());
    }

    /** Where this node answers cluster DNS. */
    public List<IpAddress> dnsAddresses() {
        return parts.identity().dnsAddresses();
    }

    /** What was left out of objects and why, one map for each sort of object. */
    public List<PersistentMap<String, List<Complaint>>> complaints() {
        return parts.granted().complaints();
    }

    /** What services ask for and this plan does not do yet. */
    public PersistentMap<NamespacedName, List<Complaint>> shortfalls() {
        return parts.serviceRules().shortfalls();
    }
}
