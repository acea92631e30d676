package fyr.compiler.service.ipvs;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.service.LocalNode;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.frontend.NodeElements;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.observation.Complaint;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Virtual servers for a table of services, and what leads to them.
 *
 * @param table what they were rendered from
 * @param objects of nf_tables: the constant rules, and the elements of every service
 * @param virtual the virtual servers of every service
 * @param real what is behind them
 * @param routes those that make virtual addresses the node's own
 * @param shortfalls what the table says and virtual servers do not do, by service
 */
public record ServiceServers(
        ServiceTable table,
        PersistentMap<NftKey, NftObject> objects,
        PersistentMap<VirtualServerKey, VirtualServer> virtual,
        PersistentMap<RealServerKey, RealServer> real,
        PersistentMap<RouteKey, Route> routes,
        PersistentMap<NamespacedName, List<Complaint>> shortfalls)
        implements Feature<ServiceServers> {

    /** Those of a table without services. */
    public static ServiceServers empty(ServiceTable table) {
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            objects = objects.withAll(ServerRuleset.of(family, table.node().options()));
        }
        return new ServiceServers(
                table.withoutServices(),
                objects.withAll(NodeElements.of(table.node())),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    @Override
    public ServiceServers next(FeatureInputs inputs) {
        return next(inputs.services());
    }

    /** Those of another table of the same node. Only services whose rows may have changed are rendered. */
    public ServiceServers next(ServiceTable now) {
        Step step = new Step();
        step.node(now.node());
        step.services(now);
        return new ServiceServers(
                now, step.objects.map(), step.virtual.map(), step.real.map(), step.routes.map(), step.shortfalls.map());
    }

    private static ServersOfService rendered(ServiceTable table, NamespacedName name, ServiceRows rows) {
        return table.services()
                .get(name)
                .filter(_ -> !rows.rows().isEmpty())
                .map(service -> ServersOfService.of(
                        rows,
                        service.traffic()
                                .scheduler()
                                .flatMap(Scheduler::of)
                                .orElse(table.node().options().scheduler())))
                .orElse(ServersOfService.NONE);
    }

    /** Moves from one state to another; lives within one call. */
    private final class Step {
        private final MapEditor<NftKey, NftObject> objects = ServiceServers.this.objects.edit();
        private final MapEditor<VirtualServerKey, VirtualServer> virtual = ServiceServers.this.virtual.edit();
        private final MapEditor<RealServerKey, RealServer> real = ServiceServers.this.real.edit();
        private final MapEditor<RouteKey, Route> routes = ServiceServers.this.routes.edit();
        private final MapEditor<NamespacedName, List<Complaint>> shortfalls = ServiceServers.this.shortfalls.edit();

        private record Rendered(ServersOfService before, ServersOfService after) {}

        void node(LocalNode now) {
            if (!now.equals(table.node())) {
                Map<NftKey, NftObject> before = NodeElements.of(table.node());
                Map<NftKey, NftObject> after = NodeElements.of(now);
                remove(objects, before, after);
                put(objects, before, after);
            }
        }

        void services(ServiceTable now) {
            List<Rendered> all = new ArrayList<>();
            for (NamespacedName name : now.changedSince(table)) {
                ServiceRows rows = now.rows(name);
                all.add(new Rendered(rendered(table, name, table.rows(name)), rendered(now, name, rows)));
                List<Complaint> about = Shortfalls.of(name, rows);
                shortfalls.set(name, Optional.of(about).filter(complaints -> !complaints.isEmpty()));
            }
            // Removals come first: an address may pass from one service to another in one step.
            for (Rendered one : all) {
                remove(objects, one.before.elements(), one.after.elements());
                remove(virtual, one.before.virtual(), one.after.virtual());
                remove(real, one.before.real(), one.after.real());
                remove(routes, one.before.routes(), one.after.routes());
            }
            for (Rendered one : all) {
                put(objects, one.before.elements(), one.after.elements());
                put(virtual, one.before.virtual(), one.after.virtual());
                put(real, one.before.real(), one.after.real());
                put(routes, one.before.routes(), one.after.routes());
            }
        }
    }

    private static <K, V> void remove(MapEditor<K, V> all, Map<K, V> before, Map<K, V> after) {
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(all::remove);
    }

    private static <K, V> void put(MapEditor<K, V> all, Map<K, V> before, Map<K, V> after) {
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                all.put(key, value);
            }
        });
    }

    /**
     * The settings that IPVS needs (Documentation/networking/ipvs-sysctl.rst). {@code conntrack}: connections are tracked, so that policy knows
     * them and their sources can be translated. {@code expire_nodest_conn} and {@code expire_quiescent_template}: a connection, or a client
     * with affinity, whose endpoint is gone does not wait for it. {@code drop_entry}: when memory is short, the kernel drops entries of
     * connections that were never answered; a packet that policy drops leaves such an entry.
     */
    private static PersistentMap<SysctlKey, String> settings() {
        PersistentMap<SysctlKey, String> settings = PersistentMap.empty();
        for (String name : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template", "drop_entry")) {
            settings = settings.with(new SysctlKey("net/ipv4/vs/" + name), "1");
        }
        return settings;
    }

    /** Liberal tracking, for the reason that {@link fyr.compiler.service.nft.ServiceRules} gives. */
    private static PersistentMap<SysctlKey, String> tracking() {
        return PersistentMap.<SysctlKey, String>empty()
                .with(new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"), "1");
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty()
                .with(Tables.NFT, objects)
                .with(Tables.VIRTUAL_SERVERS, virtual)
                .with(Tables.REAL_SERVERS, real)
                .with(Tables.LOCAL_ROUTES, routes)
                .with(Tables.SYSCTLS, tracking())
                .with(Tables.IPVS_SETTINGS, settings());
    }
}
