package fyr.compiler.service.iptables;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Tables;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.observation.Complaint;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The iptables chains for a table of services.
 *
 * @param table what they were rendered from
 * @param chains everything in iptables
 * @param shared the rules of each service in chains that all services share
 * @param objects everything in nf_tables
 */
public record ServiceChains(
        ServiceTable table,
        PersistentMap<XtKey, XtEntry> chains,
        PersistentMap<NamespacedName, Map<XtKey, List<XtRule>>> shared,
        PersistentMap<NftKey, NftObject> objects)
        implements Feature<ServiceChains> {

    /** The chains for a table without services. */
    public static ServiceChains empty(ServiceTable table) {
        PersistentMap<XtKey, XtEntry> chains = PersistentMap.empty();
        PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();
        for (Family family : Family.values()) {
            chains = chains.withAll(SharedChains.fixed(new NodeRules(family, table.node())));
            objects = objects.withAll(UndefinedPorts.rules(family));
        }
        return new ServiceChains(table.withoutServices(), chains, PersistentMap.empty(), objects);
    }

    @Override
    public ServiceChains next(FeatureInputs inputs) {
        return next(inputs.services());
    }

    /** The chains for another table. Only services whose rows may have changed are rendered, unless the node itself changed. */
    public ServiceChains next(ServiceTable now) {
        ServiceChains from = now.node().equals(table.node()) ? this : empty(now);
        return from.new Step().to(now);
    }

    /** Moves from one table to another of the same node; lives within one call. */
    private final class Step {
        private final MapEditor<XtKey, XtEntry> chains = ServiceChains.this.chains.edit();
        private final MapEditor<NamespacedName, Map<XtKey, List<XtRule>>> shared = ServiceChains.this.shared.edit();
        private final MapEditor<NftKey, NftObject> objects = ServiceChains.this.objects.edit();
        private final Set<XtKey> changed = new HashSet<>();

        ServiceChains to(ServiceTable now) {
            Set<NamespacedName> names = now.changedSince(table);
            // Removals come first: an address may pass from one service to another in one step.
            for (NamespacedName name : names) {
                table.rows(name).addresses().forEach(this::removeAddress);
            }
            for (NamespacedName name : names) {
                ServiceRows rows = now.rows(name);
                rows.addresses().forEach(this::addAddress);
                change(name, rendered(table, name, table.rows(name)), rendered(now, name, rows));
            }
            PersistentMap<NamespacedName, Map<XtKey, List<XtRule>>> all = shared.map();
            changed.forEach(key -> fill(key, all, now));
            return new ServiceChains(now, chains.map(), all, objects.map());
        }

        private void removeAddress(IpAddress address) {
            objects.remove(UndefinedPorts.address(address));
        }

        private void addAddress(IpAddress address) {
            objects.put(UndefinedPorts.address(address), UndefinedPorts.element());
        }

        private void change(NamespacedName name, ServiceLines before, ServiceLines after) {
            before.chains().keySet().forEach(key -> {
                if (!after.chains().containsKey(key)) {
                    chains.remove(key);
                }
            });
            after.chains().forEach((key, chain) -> {
                if (!chain.equals(before.chains().get(key))) {
                    chains.put(key, chain);
                }
            });
            if (!after.shared().equals(before.shared())) {
                note(before.shared(), after.shared());
                note(after.shared(), before.shared());
                shared.set(name, Optional.of(after.shared()).filter(rules -> !rules.isEmpty()));
            }
        }

        private void note(Map<XtKey, List<XtRule>> one, Map<XtKey, List<XtRule>> other) {
            one.forEach((key, rules) -> {
                if (!rules.equals(other.get(key))) {
                    changed.add(key);
                }
            });
        }

        /** The kernel replaces a chain as a whole, so a shared one is made again from the rules of all services. */
        private void fill(XtKey key, PersistentMap<NamespacedName, Map<XtKey, List<XtRule>>> all, ServiceTable now) {
            List<XtRule> rules = new ArrayList<>();
            all.sorted().values().forEach(ofService -> rules.addAll(ofService.getOrDefault(key, List.of())));
            rules.addAll(SharedChains.end(key, new NodeRules(key.family(), now.node())));
            chains.put(key, new XtEntry.Chain(rules));
        }
    }

    private static ServiceLines rendered(ServiceTable table, NamespacedName name, ServiceRows rows) {
        return table.services()
                .get(name)
                .filter(_ -> !rows.rows().isEmpty())
                .map(service -> rendered(table, service, rows))
                .orElse(ServiceLines.NONE);
    }

    private static ServiceLines rendered(ServiceTable table, Service service, ServiceRows rows) {
        ServiceLines.Collector lines = new ServiceLines.Collector();
        // By name: whoever gives two ports one name has given them the same endpoints.
        Map<PortName, List<ServiceRow>> byName = new LinkedHashMap<>();
        for (ServiceRow row : rows.rows()) {
            Service.Port port = port(service, row.frontend());
            PortName name = PortName.of(service.name(), port.name(), port.protocol());
            byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
        }
        byName.forEach((name, ofName) -> {
            for (Family family : Family.values()) {
                List<ServiceRow> ofFamily = ofName.stream()
                        .filter(row -> row.frontend().family() == family)
                        .toList();
                new PortChains(name, service.traffic(), new NodeRules(family, table.node()), lines).add(ofFamily);
            }
        });
        return lines.end();
    }

    /** The port that a frontend belongs to: if two claim the same one, the first has it. */
    private static Service.Port port(Service service, Frontend frontend) {
        return service.ports().stream()
                .filter(port -> port.protocol() == frontend.protocol()
                        && frontend.port()
                                == switch (frontend) {
                                    case Frontend.NodePort _ -> port.nodePort();
                                    case Frontend.AtAddress _ -> port.port();
                                })
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no port of " + service.name() + " has " + frontend));
    }

    /** What the table says and the chains cannot do: nothing. */
    public PersistentMap<NamespacedName, List<Complaint>> shortfalls() {
        return PersistentMap.empty();
    }

    /**
     * The required setting of connection tracking, which kube-proxy calls {@code tcpBeLiberal}; fyr.compiler.service.nft.ServiceRules says
     * why. With it, kube-proxy writes no rule that drops invalid packets.
     */
    private static PersistentMap<SysctlKey, String> sysctls() {
        return PersistentMap.<SysctlKey, String>empty()
                .with(new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"), "1");
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty()
                .with(Tables.IPTABLES, chains)
                .with(Tables.NFT, objects)
                .with(Tables.SYSCTLS, sysctls());
    }
}
