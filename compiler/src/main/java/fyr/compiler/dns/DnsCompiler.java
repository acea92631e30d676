package fyr.compiler.dns;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.kernel.plan.KernelPlan;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsService;
import fyr.model.name.DnsView;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What cluster DNS serves, and what it was made from. */
public record DnsCompiler(
        PersistentMap<NamespacedName, Service> services,
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices,
        PersistentMap<String, Namespace> namespaces,
        PersistentMap<NamespacedName, Map<IpAddress, List<String>>> pointersByService,
        DnsView view)
        implements Feature<DnsCompiler> {

    /** The view of a cluster without services. */
    public static DnsCompiler empty() {
        return new DnsCompiler(
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                DnsView.empty());
    }

    /** Names are served for all objects, those without a granted address too. */
    @Override
    public DnsCompiler next(FeatureInputs inputs) {
        return next(inputs.heard().snapshot());
    }

    @Override
    public KernelPlan kernel() {
        return KernelPlan.empty();
    }

    /** The view of another snapshot. Only services and namespaces that changed are looked at. */
    public DnsCompiler next(ClusterSnapshot snapshot) {
        TreeSet<NamespacedName> changed = new TreeSet<>();
        snapshot.services().differences(services, (name, _, _) -> changed.add(name));
        snapshot.endpointSlices().differences(slices, (name, _, _) -> changed.add(name));
        PersistentMap<NamespacedName, DnsService> names = view.services();
        PersistentMap<NamespacedName, Map<IpAddress, List<String>>> byService = pointersByService;
        PersistentMap<IpAddress, List<String>> pointers = view.pointers();
        for (NamespacedName name : changed) {
            Optional<DnsService> now = snapshot.services()
                    .get(name)
                    .flatMap(service -> DnsServices.of(
                            service, snapshot.endpointSlices().get(name).orElse(PersistentMap.empty())));
            names = now.isPresent() ? names.with(name, now.get()) : names.without(name);
            Map<IpAddress, List<String>> own =
                    now.map(service -> DnsServices.pointers(name, service)).orElse(Map.of());
            pointers = replaced(pointers, byService.get(name).orElse(Map.of()), own);
            byService = own.isEmpty() ? byService.without(name) : byService.with(name, own);
        }
        DnsView next = new DnsView(names, namespaces(snapshot), pointers);
        return new DnsCompiler(snapshot.services(), snapshot.endpointSlices(), snapshot.namespaces(), byService, next);
    }

    private PersistentMap<String, Boolean> namespaces(ClusterSnapshot snapshot) {
        Map<String, Boolean> exist = new TreeMap<>();
        snapshot.namespaces().differences(namespaces, (name, _, after) -> exist.put(name, after != null));
        PersistentMap<String, Boolean> names = view.namespaces();
        for (Map.Entry<String, Boolean> entry : exist.entrySet()) {
            names = entry.getValue() ? names.with(entry.getKey(), Boolean.TRUE) : names.without(entry.getKey());
        }
        return names;
    }

    /** An address may have names from several services; they are kept in order, so that history does not show. */
    private static PersistentMap<IpAddress, List<String>> replaced(
            PersistentMap<IpAddress, List<String>> pointers,
            Map<IpAddress, List<String>> before,
            Map<IpAddress, List<String>> after) {
        TreeSet<IpAddress> touched = new TreeSet<>(before.keySet());
        touched.addAll(after.keySet());
        for (IpAddress address : touched) {
            TreeSet<String> names = new TreeSet<>(pointers.get(address).orElse(List.of()));
            names.removeAll(before.getOrDefault(address, List.of()));
            names.addAll(after.getOrDefault(address, List.of()));
            pointers = names.isEmpty() ? pointers.without(address) : pointers.with(address, List.copyOf(names));
        }
        return pointers;
    }
}
