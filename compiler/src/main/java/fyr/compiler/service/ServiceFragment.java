package fyr.compiler.service;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftObject.Element;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The elements of one service in all maps: a function of the service, of which of its addresses are served, and of its endpoint slices alone. */
final class ServiceFragment {

    private final Map<NftKey, NftObject> elements = new HashMap<>();
    private final PersistentMap<NamespacedName, EndpointSlice> slices;

    private ServiceFragment(PersistentMap<NamespacedName, EndpointSlice> slices) {
        this.slices = slices;
    }

    static Map<NftKey, NftObject> of(Service service, List<IpAddress> addresses, PersistentMap<NamespacedName, EndpointSlice> slices) {
        ServiceFragment fragment = new ServiceFragment(slices);
        for (IpAddress clusterIp : addresses) {
            fragment.add(clusterIp.family(), ServiceRuleset.CLUSTER_IPS, bytes(clusterIp), new NftData.None());
            service.ports().forEach(port -> fragment.add(clusterIp, port));
        }
        return fragment.elements;
    }

    private void add(IpAddress clusterIp, Service.Port port) {
        List<Backend> backends = backends(clusterIp.family(), port);
        if (backends.isEmpty()) {
            return;
        }
        Family family = clusterIp.family();
        Bytes protocol = Bytes.u8(port.protocol().number());
        Bytes key = Bytes.concatenate(bytes(clusterIp), protocol, Bytes.u16(port.port()));
        int slots = ServiceTier.slots(backends.size());
        add(family, ServiceRuleset.SERVICES, key, new NftData.Verdict(ServiceRuleset.pick(slots)));
        spread(family, key, backends, slots, ServiceRuleset.BACKENDS);
        if (port.nodePort() != 0) {
            Bytes nodePort = Bytes.concatenate(protocol, Bytes.u16(port.nodePort()));
            add(family, ServiceRuleset.NODE_PORTS, nodePort, new NftData.Verdict(ServiceRuleset.pickNodePort(slots)));
            add(family, ServiceRuleset.OWN_NODE_PORTS, nodePort, new NftData.None());
            spread(family, nodePort, backends, slots, ServiceRuleset.NODE_PORT_BACKENDS);
        }
    }

    private void spread(Family family, Bytes key, List<Backend> backends, int slots, String map) {
        for (int slot = 0; slot < slots; slot++) {
            Backend backend = backends.get(slot % backends.size());
            add(family, map, Bytes.concatenate(key, Bytes.host32(slot)), new NftData.Value(backend.bytes()));
        }
    }

    private void add(Family family, String set, Bytes key, NftData data) {
        elements.put(new ElementKey(family, set, key), new Element(Optional.empty(), data));
    }

    /**
     * The endpoints of a port that take new connections, each once, in ascending order: the order decides the slots, so it must not depend
     * on history. They are the ready ones or, if there is none at all, those that still serve while they terminate (KEP-1669; kube-proxy's
     * CategorizeEndpoints): a rollout of a single replica, or of a node with all of them, refuses nobody.
     */
    private List<Backend> backends(Family family, Service.Port port) {
        List<Backend> ready = backends(family, port, EndpointSlice.Endpoint::ready);
        return ready.isEmpty() ? backends(family, port, EndpointSlice.Endpoint::draining) : ready;
    }

    private List<Backend> backends(Family family, Service.Port port, Predicate<EndpointSlice.Endpoint> wanted) {
        TreeSet<Backend> backends = new TreeSet<>();
        slices.forEach((_, slice) -> {
            if (slice.family() == family) {
                for (EndpointSlice.Port candidate : slice.ports()) {
                    if (candidate.name().equals(port.name()) && candidate.protocol() == port.protocol()) {
                        add(slice, candidate.port(), wanted, backends);
                    }
                }
            }
        });
        return new ArrayList<>(backends);
    }

    private static void add(EndpointSlice slice, int port, Predicate<EndpointSlice.Endpoint> wanted, TreeSet<Backend> backends) {
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            if (wanted.test(endpoint) && !endpoint.addresses().isEmpty()) {
                backends.add(new Backend(endpoint.addresses().getFirst(), port));
            }
        }
    }

    static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }

    private record Backend(IpAddress address, int port) implements Comparable<Backend> {
        Bytes bytes() {
            return Bytes.concatenate(ServiceFragment.bytes(address), Bytes.u16(port));
        }

        @Override
        public int compareTo(Backend other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }
}
