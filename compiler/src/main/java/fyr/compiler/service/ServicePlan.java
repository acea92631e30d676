package fyr.compiler.service;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What nf_tables holds for services, and what it was made from.
 *
 * @param elsewhere virtual addresses that are served in another way (cluster DNS, on the node itself): no rule is about them
 * @param objects everything: the constant rules and the elements of every service
 */
public record ServicePlan(
        PersistentMap<NamespacedName, Service> services,
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices,
        List<IpAddress> elsewhere,
        PersistentMap<NftKey, NftObject> objects) {

    /** The plan of a cluster without services. */
    public static ServicePlan empty(List<IpAddress> elsewhere) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(ServiceRuleset.of(family));
        }
        return new ServicePlan(PersistentMap.empty(), PersistentMap.empty(), elsewhere, objects);
    }

    /** The plan of another snapshot. Only services that changed, or whose slices did, are looked at. */
    public ServicePlan next(ClusterSnapshot snapshot) {
        Set<NamespacedName> changed = new HashSet<>();
        snapshot.services().differences(services, (name, _, _) -> changed.add(name));
        snapshot.endpointSlices().differences(slices, (name, _, _) -> changed.add(name));
        PersistentMap<NftKey, NftObject> objects = this.objects;
        for (NamespacedName name : changed) {
            // All that goes goes first: an address may pass from one service to another in one step.
            objects = objects.withoutAll(gone(snapshot, name));
        }
        for (NamespacedName name : changed) {
            objects = withDifferent(objects, fragment(snapshot.services(), snapshot.endpointSlices(), name));
        }
        return new ServicePlan(snapshot.services(), snapshot.endpointSlices(), elsewhere, objects);
    }

    /** What stays is not even touched, so that the plans share it: a service may have thousands of elements of which two change. */
    private List<NftKey> gone(ClusterSnapshot snapshot, NamespacedName name) {
        Map<NftKey, NftObject> before = fragment(services, slices, name);
        Map<NftKey, NftObject> after =
                before.isEmpty() ? before : fragment(snapshot.services(), snapshot.endpointSlices(), name);
        return before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
    }

    private static PersistentMap<NftKey, NftObject> withDifferent(
            PersistentMap<NftKey, NftObject> objects, Map<NftKey, NftObject> fragment) {
        PersistentMap<NftKey, NftObject> all = objects;
        for (Map.Entry<NftKey, NftObject> entry : fragment.entrySet()) {
            if (all.get(entry.getKey()).filter(entry.getValue()::equals).isEmpty()) {
                all = all.with(entry.getKey(), entry.getValue());
            }
        }
        return all;
    }

    /** What a service adds to the plan. It is not kept: computing it again costs less than remembering it for all services. */
    private Map<NftKey, NftObject> fragment(
            PersistentMap<NamespacedName, Service> services,
            PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices,
            NamespacedName name) {
        return services.get(name)
                .map(service -> ServiceFragment.of(
                        service,
                        addresses(service),
                        new Backends(slices.get(name).orElse(PersistentMap.empty()), elsewhere)))
                .orElse(Map.of());
    }

    /** Whether an address is a virtual one of any service that rules are about. */
    boolean serves(IpAddress address) {
        return objects.containsKey(ServiceFragment.virtual(address));
    }

    /** Those virtual addresses of a service that rules are about. Of one that cluster DNS has in one family only, the other is left. */
    List<IpAddress> addresses(Service service) {
        return service.otherProxy()
                ? List.of()
                : service.clusterIps().stream()
                        .filter(address -> !elsewhere.contains(address))
                        .toList();
    }

    /**
     * What connection tracking must be set to: a segment of a translated connection is translated whatever its sequence number. Otherwise one
     * beyond the window reaches the client from the endpoint's own address, the client answers with a reset, and that ends the connection
     * (kubernetes/kubernetes#74839). To drop what is invalid, as kube-proxy does, would also drop what goes one way through this node and
     * comes back another: of an invalid packet nobody can tell whether it is a service's. The two ends check sequence numbers themselves.
     */
    public Map<SysctlKey, String> sysctls() {
        return Map.of(new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"), "1");
    }
}
