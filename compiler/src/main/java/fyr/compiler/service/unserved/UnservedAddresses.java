package fyr.compiler.service.unserved;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Tables;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of connections to addresses of Services at which nothing is served.
 *
 * @param table the services that they were made from
 * @param ranges sorted
 * @param balancers how many services have each load balancer address: it may be shared
 */
public record UnservedAddresses(
        ServiceTable table,
        List<Prefix> ranges,
        PersistentMap<IpAddress, Integer> balancers,
        PersistentMap<NftKey, NftObject> objects)
        implements Feature<UnservedAddresses> {

    public UnservedAddresses {
        ranges = List.copyOf(ranges);
    }

    /** The rules of a node that knows no services and no ranges. */
    public static UnservedAddresses empty(NodeIdentity node) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(UnservedRuleset.of(family));
        }
        return new UnservedAddresses(ServiceTable.empty(node), List.of(), PersistentMap.empty(), objects);
    }

    /** Only services that changed are looked at; of a service with many endpoints, these are not. */
    @Override
    public UnservedAddresses next(FeatureInputs inputs) {
        Step step = new Step();
        step.ranges(inputs.ranges());
        step.services(inputs.services());
        return new UnservedAddresses(inputs.services(), inputs.ranges(), step.balancers.map(), step.objects.map());
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.NFT, objects);
    }

    /** Moves from one state to another; lives within one call. */
    private final class Step {

        private final MapEditor<IpAddress, Integer> balancers = UnservedAddresses.this.balancers.edit();
        private final MapEditor<NftKey, NftObject> objects = UnservedAddresses.this.objects.edit();

        void ranges(List<Prefix> now) {
            if (!now.equals(ranges)) {
                Map<NftKey, NftObject> after = elements(now);
                elements(ranges).keySet().stream()
                        .filter(key -> !after.containsKey(key))
                        .forEach(objects::remove);
                objects.putAll(after);
            }
        }

        void services(ServiceTable now) {
            now.services().differences(table.services(), (_, before, after) -> {
                if (before != null) {
                    table.loadBalancers(before).forEach(address -> count(address, -1));
                }
                if (after != null) {
                    now.loadBalancers(after).forEach(address -> count(address, 1));
                }
            });
        }

        private void count(IpAddress address, int more) {
            int before = balancers.get(address).orElse(0);
            int after = before + more;
            balancers.set(address, Optional.of(after).filter(count -> count != 0));
            NftKey key = key(UnservedRuleset.BALANCERS, address);
            if (before == 0) {
                objects.put(key, new NftObject.Element(Optional.empty(), new NftData.None()));
            } else if (after == 0) {
                objects.remove(key);
            }
        }
    }

    /** A range that lies in another one says nothing more, and ranges of a set may not overlap. */
    private static Map<NftKey, NftObject> elements(List<Prefix> ranges) {
        Map<NftKey, NftObject> elements = new HashMap<>();
        for (Prefix range : ranges) {
            if (ranges.stream().noneMatch(other -> !other.equals(range) && other.contains(range))) {
                elements.put(
                        key(UnservedRuleset.RANGES, range.address()),
                        new NftObject.Element(Optional.of(Bytes.of(range.last().toBytes())), new NftData.None()));
            }
        }
        return elements;
    }

    private static NftKey key(String set, IpAddress address) {
        return new NftKey.ElementKey(address.family(), set, Bytes.of(address.toBytes()));
    }
}
