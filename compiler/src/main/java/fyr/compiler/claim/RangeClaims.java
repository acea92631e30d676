package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.ServiceCidr;
import fyr.model.address.Prefix;
import fyr.model.address.SpecialAddresses;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which ranges of ServiceCIDRs contain nothing but virtual addresses. Connections to their addresses that no Service has are dropped, so a
 * range that other hosts lie in has no effect: it would cut them off.
 *
 * @param heard the objects as they were received
 * @param nodes which node has which block and address
 * @param granted the ranges that are apart from everything else, each once
 * @param complaints about objects that lost a range
 */
public record RangeClaims(
        NodeIdentity identity,
        PersistentMap<String, ServiceCidr> heard,
        NodeClaims nodes,
        List<Prefix> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    public RangeClaims {
        granted = List.copyOf(granted);
    }

    static RangeClaims none(NodeIdentity identity) {
        return new RangeClaims(
                identity, PersistentMap.empty(), NodeClaims.none(identity), List.of(), PersistentMap.empty());
    }

    /** There are a few ranges, so all are looked at again. */
    RangeClaims next(PersistentMap<String, ServiceCidr> cidrs, NodeClaims decided) {
        if (cidrs == heard && decided == nodes) {
            return this;
        }
        List<Prefix> good = new ArrayList<>();
        PersistentMap<String, List<Complaint>> about = PersistentMap.empty();
        for (ServiceCidr cidr : cidrs.sorted().values()) {
            List<Complaint> complaints = new ArrayList<>();
            for (int i = 0; i < cidr.prefixes().size(); i++) {
                Prefix range = cidr.prefixes().get(i);
                String field = "spec.cidrs[" + i + "]";
                fault(range, decided)
                        .ifPresentOrElse(
                                why -> complaints.add(new Complaint(
                                        "ServiceCIDR", cidr.name(), field, range + " is " + why + "; left out")),
                                () -> good.add(range));
            }
            if (!complaints.isEmpty()) {
                about = about.with("ServiceCIDR " + cidr.name(), complaints);
            }
        }
        List<Prefix> ranges = good.stream().distinct().sorted().toList();
        return new RangeClaims(
                identity,
                cidrs,
                decided,
                ranges.equals(granted) ? granted : ranges,
                about.equals(this.complaints) ? this.complaints : about);
    }

    private Optional<String> fault(Prefix range, NodeClaims decided) {
        return SpecialAddresses.kind(range)
                .map(kind -> "not only of ordinary addresses (" + kind + ")")
                .or(() -> identity.uplink().subnets().stream()
                        .filter(range::overlaps)
                        .map(subnet -> "not apart from " + subnet + ", the subnet of Node " + identity.name())
                        .findFirst())
                .or(() -> decided.owners()
                        .firstOverlapping(range)
                        .map(block -> "not apart from " + block.getKey() + ", the pods of Node " + block.getValue()))
                .or(() -> decided.addresses()
                        .firstOverlapping(range)
                        .map(address -> "around " + address.getKey().address() + ", the InternalIP of Node "
                                + address.getValue().getFirst()))
                .or(() -> identity.needed().stream()
                        .filter(range::contains)
                        .filter(host -> !identity.apiServer().equals(Optional.of(host)))
                        .map(host -> "around " + host + ", a resolver of Node " + identity.name())
                        .findFirst());
    }
}
