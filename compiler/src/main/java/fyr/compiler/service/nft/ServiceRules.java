package fyr.compiler.service.nft;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.service.LocalNode;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.frontend.NodeElements;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.observation.Complaint;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nf_tables objects for a table of services.
 *
 * @param table what they were rendered from
 * @param objects everything: the constant rules and the elements of every service
 * @param large what services with many endpoints were rendered to; it is made again for those with few
 * @param timeouts how many services have affinity of each duration
 * @param shortfalls what the table says and the rules cannot do, by service
 */
public record ServiceRules(
        ServiceTable table,
        PersistentMap<NftKey, NftObject> objects,
        PersistentMap<NamespacedName, ServiceElements> large,
        PersistentMap<Duration, Integer> timeouts,
        PersistentMap<NamespacedName, List<Complaint>> shortfalls)
        implements Feature<ServiceRules> {

    /** The rules for a table without services. */
    public static ServiceRules empty(ServiceTable table) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(ServiceRuleset.of(family, table.node().options()));
        }
        objects = objects.withAll(NodeElements.of(table.node()));
        return new ServiceRules(
                table.withoutServices(), objects, PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());
    }

    @Override
    public ServiceRules next(FeatureInputs inputs) {
        return next(inputs.services());
    }

    /** The rules for another table of the same node. Only services whose rows may have changed are rendered. */
    public ServiceRules next(ServiceTable now) {
        Step step = new Step();
        step.node(now.node());
        step.services(now);
        return new ServiceRules(now, step.objects.map(), step.large.map(), step.timeouts, step.shortfalls.map());
    }

    /** Moves from one state to another; lives within one call. */
    private final class Step {
        private final MapEditor<NftKey, NftObject> objects = ServiceRules.this.objects.edit();
        private final MapEditor<NamespacedName, ServiceElements> large = ServiceRules.this.large.edit();
        private PersistentMap<Duration, Integer> timeouts = ServiceRules.this.timeouts;
        private final MapEditor<NamespacedName, List<Complaint>> shortfalls = ServiceRules.this.shortfalls.edit();

        private record Rendered(ServiceElements before, ServiceElements after) {}

        void node(LocalNode now) {
            if (!now.equals(table.node())) {
                Map<NftKey, NftObject> before = NodeElements.of(table.node());
                Map<NftKey, NftObject> after = NodeElements.of(now);
                before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(objects::remove);
                after.forEach((key, element) -> {
                    if (!element.equals(before.get(key))) {
                        objects.put(key, element);
                    }
                });
            }
        }

        void services(ServiceTable now) {
            List<Rendered> all = new ArrayList<>();
            for (NamespacedName name : now.changedSince(table)) {
                ServiceRows rows = now.rows(name);
                Rendered rendered = new Rendered(rendered(name), ServiceElements.of(rows));
                // Removals come first: an address may pass from one service to another in one step.
                objects.removeAll(rendered.before.without(rendered.after));
                all.add(rendered);
                large.set(name, Optional.of(rendered.after).filter(ServiceElements::areMany));
                List<Complaint> about = Shortfalls.of(name, rows);
                shortfalls.set(name, Optional.of(about).filter(complaints -> !complaints.isEmpty()));
            }
            for (Rendered rendered : all) {
                rendered.after.beyond(rendered.before, objects::put);
                rendered.after.timeouts().forEach(time -> count(time, 1));
                rendered.before.timeouts().forEach(time -> count(time, -1));
            }
        }

        private ServiceElements rendered(NamespacedName name) {
            return ServiceRules.this
                    .large
                    .get(name)
                    .orElseGet(() -> table.services().containsKey(name)
                            ? ServiceElements.of(table.rows(name))
                            : ServiceElements.NONE);
        }

        /** A chain for each timeout that some service has. */
        private void count(Duration time, int more) {
            int before = timeouts.get(time).orElse(0);
            int after = before + more;
            timeouts = after == 0 ? timeouts.without(time) : timeouts.with(time, after);
            if ((before == 0) != (after == 0)) {
                for (Family family : Family.values()) {
                    NftKey key = new NftKey.ChainKey(
                            family, AffinityRules.remembering(time).chain());
                    Optional<NftObject> chain = Optional.of(new AffinityRules(
                                    new PacketFields(family),
                                    table.node().options().local())
                            .remember(time));
                    objects.set(key, chain.filter(_ -> after != 0));
                }
            }
        }
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
