package fyr.compiler.service;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ElementKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.model.EndpointSlice;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads the elements of a plan as the kernel's rules do: where a connection may lead. Whoever has to judge an existing connection asks
 * the same maps that decide about new ones.
 *
 * @param draining addresses of endpoints that serve while they terminate: nothing new is led there as long as others are ready, but what
 *     is there may stay, as a TCP connection would (kube-proxy's CleanStaleEntries)
 */
public record ServiceLookup(PersistentMap<NftKey, NftObject> objects, Set<IpAddress> draining) {

    /** Where this plan leads. */
    public static ServiceLookup of(ServicePlan plan) {
        Set<IpAddress> draining = new HashSet<>();
        plan.slices().forEach((_, slices) -> slices.forEach((_, slice) -> slice.endpoints().stream()
                .filter(EndpointSlice.Endpoint::draining)
                .forEach(endpoint -> draining.addAll(endpoint.addresses()))));
        return new ServiceLookup(plan.objects(), draining);
    }

    /** Whether a connection to a virtual address or node port that goes to this endpoint now has no business there any more. */
    public boolean stale(IpAddress destination, int protocol, int port, IpAddress endpoint, int endpointPort) {
        return !draining.contains(endpoint) && ledElsewhere(destination, protocol, port, endpoint, endpointPort);
    }

    private boolean ledElsewhere(IpAddress destination, int protocol, int port, IpAddress endpoint, int endpointPort) {
        Family family = destination.family();
        Bytes wanted = Bytes.concatenate(Bytes.of(endpoint.toBytes()), Bytes.u16(endpointPort));
        if (objects.containsKey(new ElementKey(family, ServiceRuleset.CLUSTER_IPS, Bytes.of(destination.toBytes())))) {
            Bytes key = Bytes.concatenate(Bytes.of(destination.toBytes()), Bytes.u8(protocol), Bytes.u16(port));
            int slots = slots(family, ServiceRuleset.SERVICES, key).orElse(0);
            return !leads(family, ServiceRuleset.BACKENDS, key, slots, wanted);
        }
        Bytes key = Bytes.concatenate(Bytes.u8(protocol), Bytes.u16(port));
        return slots(family, ServiceRuleset.NODE_PORTS, key)
                .map(slots -> !leads(family, ServiceRuleset.NODE_PORT_BACKENDS, key, slots, wanted))
                .orElse(false);
    }

    /** How many slots the chain draws from that the map leads to. */
    private Optional<Integer> slots(Family family, String map, Bytes key) {
        return objects.get(new ElementKey(family, map, key))
                .flatMap(object -> object instanceof NftObject.Element(_, NftData.Verdict(NftVerdict.Goto(String chain)))
                        ? Optional.of(Integer.parseInt(chain.substring(chain.lastIndexOf('-') + 1)))
                        : Optional.empty());
    }

    private boolean leads(Family family, String map, Bytes key, int slots, Bytes wanted) {
        return IntStream.range(0, slots)
                .mapToObj(slot -> value(family, map, Bytes.concatenate(key, Bytes.host32(slot))))
                .anyMatch(backend -> backend.filter(wanted::equals).isPresent());
    }

    private Optional<Bytes> value(Family family, String map, Bytes key) {
        return objects.get(new ElementKey(family, map, key))
                .flatMap(object -> object instanceof NftObject.Element(_, NftData.Value(Bytes bytes)) ? Optional.of(bytes) : Optional.empty());
    }
}
