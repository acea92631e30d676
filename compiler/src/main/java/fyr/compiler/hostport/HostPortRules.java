package fyr.compiler.hostport;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.Tables;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the host ports of this node lead, and the nf_tables objects that carry it out.
 *
 * @param attachments what both were made from
 * @param leads the pod and port of each place
 * @param objects the constant rules and an element for each place
 */
public record HostPortRules(
        PersistentMap<String, Attachment> attachments,
        PersistentMap<HostPort.Place, PodPort> leads,
        PersistentMap<NftKey, NftObject> objects)
        implements Feature<HostPortRules> {

    /** The rules of a node without pods. */
    public static HostPortRules empty(NodeIdentity identity) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(HostPortRuleset.of(family, identity));
        }
        return new HostPortRules(PersistentMap.empty(), PersistentMap.empty(), objects);
    }

    @Override
    public HostPortRules next(FeatureInputs inputs) {
        return next(inputs.attachments());
    }

    /** The rules for other attachments. Only those that changed are processed. */
    HostPortRules next(PersistentMap<String, Attachment> now) {
        if (now == attachments) {
            return this;
        }
        List<HostPort.Place> gone = new ArrayList<>();
        Map<HostPort.Place, PodPort> come = new HashMap<>();
        now.differences(attachments, (_, before, after) -> {
            Optional.ofNullable(before)
                    .ifPresent(attachment -> gone.addAll(leads(attachment).keySet()));
            Optional.ofNullable(after).ifPresent(attachment -> come.putAll(leads(attachment)));
        });
        PersistentMap<HostPort.Place, PodPort> nextLeads = leads;
        PersistentMap<NftKey, NftObject> nextObjects = objects;
        for (HostPort.Place place : gone) {
            // Removals come first: a place may pass from one pod to another in one step.
            if (!come.containsKey(place)) {
                nextLeads = nextLeads.without(place);
                nextObjects = nextObjects.without(key(place));
            }
        }
        for (Map.Entry<HostPort.Place, PodPort> lead : come.entrySet()) {
            if (!nextLeads.get(lead.getKey()).equals(Optional.of(lead.getValue()))) {
                nextLeads = nextLeads.with(lead.getKey(), lead.getValue());
                nextObjects = nextObjects.with(key(lead.getKey()), element(lead.getValue()));
            }
        }
        return new HostPortRules(now, nextLeads, nextObjects);
    }

    private static Map<HostPort.Place, PodPort> leads(Attachment attachment) {
        Map<HostPort.Place, PodPort> leads = new HashMap<>();
        for (HostPort port : attachment.hostPorts()) {
            for (HostPort.Place place : port.places()) {
                attachment.addresses().stream()
                        .filter(address -> address.family() == place.family())
                        .findFirst()
                        .ifPresent(address -> leads.put(place, new PodPort(address, port.podPort())));
            }
        }
        return leads;
    }

    /** Where a connection to an address of the node is led. */
    Optional<PodPort> lead(IpAddress address, Protocol protocol, int port) {
        return leads.get(new HostPort.Place(address.family(), Optional.of(address), protocol, port))
                .or(() -> leads.get(new HostPort.Place(address.family(), Optional.empty(), protocol, port)));
    }

    private static NftKey key(HostPort.Place place) {
        Bytes port = Bytes.concatenate(Bytes.u8(place.protocol().number()), Bytes.u16(place.port()));
        return place.address()
                .map(address -> new NftKey.ElementKey(
                        place.family(),
                        HostPortRuleset.AT_ADDRESS,
                        Bytes.concatenate(Bytes.of(address.toBytes()), port)))
                .orElseGet(() -> new NftKey.ElementKey(place.family(), HostPortRuleset.AT_NODE, port));
    }

    private static NftObject element(PodPort end) {
        Bytes value = Bytes.concatenate(Bytes.of(end.address().toBytes()), Bytes.u16(end.port()));
        return new NftObject.Element(Optional.empty(), new NftData.Value(value));
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.NFT, objects);
    }
}
