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
 * The nf_tables objects for services, and the inputs that they were made from.
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

    /** The plan of another snapshot. Only services that changed, or whose slices did, are processed. */
    public ServicePlan next(ClusterSnapshot snapshot) {
        Set<NamespacedName> changed = new HashSet<>();
        snapshot.services().differences(services, (name, _, _) -> changed.add(name));
        snapshot.endpointSlices().differences(slices, (name, _, _) -> changed.add(name));
        PersistentMap<NftKey, NftObject> objects = this.objects;
        for (NamespacedName name : changed) {
            // Removals come first: an address may pass from one service to another in one step.
            objects = objects.withoutAll(gone(snapshot, name));
        }
        for (NamespacedName name : changed) {
            objects = withDifferent(objects, fragment(snapshot.services(), snapshot.endpointSlices(), name));
        }
        return new ServicePlan(snapshot.services(), snapshot.endpointSlices(), elsewhere, objects);
    }

    /** Unchanged elements are not touched, so that the plans share them: a service may have thousands of elements of which two change. */
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

    /** What a service adds to the plan. It is not stored: computing it again costs less than keeping it for all services. */
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

    /** Whether an address is a virtual one of any service that has rules. */
    boolean serves(IpAddress address) {
        return objects.containsKey(ServiceFragment.virtual(address));
    }

    /**
     * The virtual addresses of a service that have rules. If only one family of the service belongs to cluster DNS, the other address
     * remains.
     */
    List<IpAddress> addresses(Service service) {
        return service.otherProxy()
                ? List.of()
                : service.clusterIps().stream()
                        .filter(address -> !elsewhere.contains(address))
                        .toList();
    }

    /**
     * The required settings of connection tracking: a segment of a translated connection is translated whatever its sequence number.
     * Otherwise a segment outside the window reaches the client from the endpoint's own address, the client answers with a reset, and that
     * ends the connection (kubernetes/kubernetes#74839). Dropping invalid packets, as kube-proxy does, would also drop traffic that goes
     * through this node in only one direction: it is impossible to tell whether an invalid packet belongs to a service. The two ends check
     * sequence numbers themselves.
     */
    public Map<SysctlKey, String> sysctls() {
        return Map.of(new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"), "1");
    }
}
