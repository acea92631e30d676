package fyr.compiler.service.nft;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nf_tables objects for a table of services.
 *
 * @param table what they were rendered from
 * @param objects everything: the constant rules and the elements of every service
 * @param shortfalls what the table says and the rules cannot do yet, by service
 */
public record ServiceRules(
        ServiceTable table,
        PersistentMap<NftKey, NftObject> objects,
        PersistentMap<NamespacedName, List<Complaint>> shortfalls)
        implements Feature<ServiceRules> {

    /** The rules for a table without services. */
    public static ServiceRules empty(ServiceTable table) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(ServiceRuleset.of(family));
        }
        return new ServiceRules(table.withoutServices(), objects, PersistentMap.empty());
    }

    @Override
    public ServiceRules next(FeatureInputs inputs) {
        return next(inputs.services());
    }

    /** The rules for another table. Only services whose rows may have changed are rendered. */
    public ServiceRules next(ServiceTable now) {
        Set<NamespacedName> changed = now.changedSince(table);
        Set<NamespacedName> known = new HashSet<>(changed);
        known.removeIf(name -> !table.services().containsKey(name));
        PersistentMap<NftKey, NftObject> nextObjects = objects;
        for (NamespacedName name : known) {
            // Removals come first: an address may pass from one service to another in one step.
            nextObjects = nextObjects.withoutAll(gone(now, name));
        }
        PersistentMap<NamespacedName, List<Complaint>> nextShortfalls = shortfalls;
        for (NamespacedName name : changed) {
            ServiceRows rows = now.rows(name);
            Map<NftKey, NftObject> elements = ServiceElements.of(rows);
            nextObjects = known.contains(name) ? withDifferent(nextObjects, elements) : nextObjects.withAll(elements);
            List<Complaint> about = Shortfalls.of(name, rows);
            nextShortfalls = about.isEmpty() ? nextShortfalls.without(name) : nextShortfalls.with(name, about);
        }
        return new ServiceRules(now, nextObjects, nextShortfalls);
    }

    /** Unchanged elements are not touched, so that the plans share them: a service may have thousands of elements of which two change. */
    private List<NftKey> gone(ServiceTable now, NamespacedName name) {
        Map<NftKey, NftObject> before = ServiceElements.of(table.rows(name));
        Map<NftKey, NftObject> after = ServiceElements.of(now.rows(name));
        return before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
    }

    private static PersistentMap<NftKey, NftObject> withDifferent(
            PersistentMap<NftKey, NftObject> objects, Map<NftKey, NftObject> elements) {
        PersistentMap<NftKey, NftObject> all = objects;
        for (Map.Entry<NftKey, NftObject> entry : elements.entrySet()) {
            if (all.get(entry.getKey()).filter(entry.getValue()::equals).isEmpty()) {
                all = all.with(entry.getKey(), entry.getValue());
            }
        }
        return all;
    }

    /**
     * The required settings of connection tracking: a segment of a translated connection is translated whatever its sequence number.
     * Otherwise a segment outside the window reaches the client from the endpoint's own address, the client answers with a reset, and that
     * ends the connection (kubernetes/kubernetes#74839). Dropping invalid packets, as kube-proxy does, would also drop traffic that goes
     * through this node in only one direction: it is impossible to tell whether an invalid packet belongs to a service. The two ends check
     * sequence numbers themselves.
     */
    private static PersistentMap<SysctlKey, String> sysctls() {
        return PersistentMap.<SysctlKey, String>empty()
                .with(new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"), "1");
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty().with(Tables.NFT, objects).with(Tables.SYSCTLS, sysctls());
    }
}
