package fyr.compiler.service.nft;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftObject.Element;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The elements of one service in all maps: a function of its rows alone. {@link Shortfalls} names what the rows say and no element does. */
final class ServiceElements {

    private final Map<NftKey, NftObject> elements = new HashMap<>();

    private ServiceElements() {}

    static Map<NftKey, NftObject> of(ServiceRows rows) {
        ServiceElements all = new ServiceElements();
        rows.addresses().forEach(address -> all.add(address.family(), ServiceRuleset.CLUSTER_IPS, bytes(address)));
        rows.rows().forEach(all::add);
        return all.elements;
    }

    private void add(ServiceRow row) {
        switch (row.frontend()) {
            case Frontend.ClusterIp(IpAddress address, Protocol protocol, int port) ->
                lead(
                        address.family(),
                        Bytes.concatenate(bytes(address), Bytes.u8(protocol.number()), Bytes.u16(port)),
                        row.fromHere(),
                        ServiceMaps.CLUSTER_IP);
            case Frontend.NodePort(Family family, Protocol protocol, int port) -> {
                Bytes key = Bytes.concatenate(Bytes.u8(protocol.number()), Bytes.u16(port));
                add(family, ServiceRuleset.OWN_NODE_PORTS, key);
                lead(family, key, row.fromHere(), ServiceMaps.NODE_PORT);
            }
            case Frontend.ExternalIp _, Frontend.LoadBalancerIp _ -> {} // a shortfall
        }
    }

    /** Without an element, a rule refuses connections to a frontend that is known to be a service's. */
    private void lead(Family family, Bytes key, Delivery delivery, ServiceMaps maps) {
        switch (delivery) {
            case Delivery.Forward(List<Backend> backends, boolean _) -> {
                List<Backend> slots = Slots.of(backends);
                add(family, maps.chains(), key, new NftData.Verdict(maps.pick(slots.size())));
                for (int slot = 0; slot < slots.size(); slot++) {
                    add(
                            family,
                            maps.backends(),
                            Bytes.concatenate(key, Bytes.host32(slot)),
                            new NftData.Value(bytes(slots.get(slot))));
                }
            }
            case Delivery.Refuse _, Delivery.Drop _ -> {}
        }
    }

    private void add(Family family, String set, Bytes key) {
        add(family, set, key, new NftData.None());
    }

    private void add(Family family, String set, Bytes key, NftData data) {
        elements.put(new ElementKey(family, set, key), new Element(Optional.empty(), data));
    }

    private static Bytes bytes(Backend backend) {
        return Bytes.concatenate(bytes(backend.address()), Bytes.u16(backend.port()));
    }

    private static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
