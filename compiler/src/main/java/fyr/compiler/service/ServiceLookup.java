package fyr.compiler.service;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the elements of a plan as the kernel's rules do: where a connection may lead. Whoever has to judge an existing connection asks
 * the same maps that decide about new ones.
 */
public record ServiceLookup(PersistentMap<NftKey, NftObject> objects) {

    /** Whether a connection to a virtual address or node port that goes to this endpoint now would not be made so any more. */
    public boolean stale(IpAddress destination, int protocol, int port, IpAddress endpoint, int endpointPort) {
        Family family = destination.family();
        Bytes clusterIpKey = key(destination, protocol, port);
        if (objects.containsKey(new ElementKey(family, ServiceRuleset.CLUSTER_IPS, Bytes.of(destination.toBytes())))) {
            return !leads(family, clusterIpKey, slots(family, clusterIpKey), endpoint, endpointPort);
        }
        return nodePort(family, protocol, port)
                .map(value -> {
                    int split = value.length() - 4;
                    return !leads(family, value.slice(0, split), number(value.slice(split, split + 4)), endpoint, endpointPort);
                })
                .orElse(false);
    }

    private static Bytes key(IpAddress address, int protocol, int port) {
        return Bytes.concatenate(Bytes.of(address.toBytes()), Bytes.u8(protocol), Bytes.u16(port));
    }

    private int slots(Family family, Bytes key) {
        return value(family, ServiceRuleset.SERVICES, key).map(ServiceLookup::number).orElse(0);
    }

    private Optional<Bytes> nodePort(Family family, int protocol, int port) {
        return value(family, ServiceRuleset.NODE_PORTS, Bytes.concatenate(Bytes.u8(protocol), Bytes.u16(port)));
    }

    private boolean leads(Family family, Bytes key, int slots, IpAddress endpoint, int endpointPort) {
        Bytes wanted = Bytes.concatenate(Bytes.of(endpoint.toBytes()), Bytes.u16(endpointPort));
        return IntStream.range(0, slots)
                .mapToObj(slot -> value(family, ServiceRuleset.BACKENDS, Bytes.concatenate(key, Bytes.host32(slot))))
                .anyMatch(backend -> backend.filter(wanted::equals).isPresent());
    }

    private Optional<Bytes> value(Family family, String map, Bytes key) {
        return objects.get(new ElementKey(family, map, key))
                .flatMap(object -> object instanceof NftObject.Element(_, NftData.Value(Bytes bytes)) ? Optional.of(bytes) : Optional.empty());
    }

    private static int number(Bytes bytes) {
        return ByteBuffer.wrap(bytes.toArray()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
