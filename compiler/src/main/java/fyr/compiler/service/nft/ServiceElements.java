package fyr.compiler.service;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftObject.Element;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The elements of one service in all maps: a function only of the service, of which of its addresses are served, and of its endpoint
 * slices.
 */
final class ServiceFragment {

    private final Map<NftKey, NftObject> elements = new HashMap<>();
    private final Backends backends;

    private ServiceFragment(Backends backends) {
        this.backends = backends;
    }

    static Map<NftKey, NftObject> of(Service service, List<IpAddress> addresses, Backends backends) {
        ServiceFragment fragment = new ServiceFragment(backends);
        for (IpAddress clusterIp : addresses) {
            fragment.elements.put(virtual(clusterIp), new Element(Optional.empty(), new NftData.None()));
            service.ports().forEach(port -> fragment.add(clusterIp, port));
        }
        return fragment.elements;
    }

    private void add(IpAddress clusterIp, Service.Port port) {
        Family family = clusterIp.family();
        Bytes protocol = Bytes.u8(port.protocol().number());
        Bytes key = Bytes.concatenate(bytes(clusterIp), protocol, Bytes.u16(port.port()));
        Bytes nodePort = Bytes.concatenate(protocol, Bytes.u16(port.nodePort()));
        if (port.nodePort() != 0) {
            add(family, ServiceRuleset.OWN_NODE_PORTS, nodePort, new NftData.None());
        }
        List<Backend> backends = List.copyOf(this.backends.open(family, port));
        if (backends.isEmpty()) {
            return;
        }
        List<Backend> slots = Slots.of(backends);
        add(family, ServiceRuleset.SERVICES, key, new NftData.Verdict(ServiceRuleset.pick(slots.size())));
        spread(family, key, slots, ServiceRuleset.BACKENDS);
        if (port.nodePort() != 0) {
            add(
                    family,
                    ServiceRuleset.NODE_PORTS,
                    nodePort,
                    new NftData.Verdict(ServiceRuleset.pickNodePort(slots.size())));
            spread(family, nodePort, slots, ServiceRuleset.NODE_PORT_BACKENDS);
        }
    }

    private void spread(Family family, Bytes key, List<Backend> slots, String map) {
        for (int slot = 0; slot < slots.size(); slot++) {
            add(
                    family,
                    map,
                    Bytes.concatenate(key, Bytes.host32(slot)),
                    new NftData.Value(slots.get(slot).bytes()));
        }
    }

    private void add(Family family, String set, Bytes key, NftData data) {
        elements.put(new ElementKey(family, set, key), new Element(Optional.empty(), data));
    }

    /** The element that marks an address as a virtual one. */
    static NftKey virtual(IpAddress address) {
        return new ElementKey(address.family(), ServiceRuleset.CLUSTER_IPS, bytes(address));
    }

    static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
