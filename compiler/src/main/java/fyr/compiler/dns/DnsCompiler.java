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
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        MapEditor<NamespacedName, DnsService> names = view.services().edit();
        MapEditor<NamespacedName, Map<IpAddress, List<String>>> byService = pointersByService.edit();
        MapEditor<IpAddress, List<String>> pointers = view.pointers().edit();
        for (NamespacedName name : changed) {
            Optional<DnsService> now = snapshot.services()
                    .get(name)
                    .flatMap(service -> DnsServices.of(
                            service, snapshot.endpointSlices().get(name).orElse(PersistentMap.empty())));
            names.set(name, now);
            Map<IpAddress, List<String>> own =
                    now.map(service -> DnsServices.pointers(name, service)).orElse(Map.of());
            replace(pointers, byService.get(name).orElse(Map.of()), own);
            byService.set(name, Optional.of(own).filter(addresses -> !addresses.isEmpty()));
        }
        DnsView next = new DnsView(names.map(), namespaces(snapshot), pointers.map());
        return new DnsCompiler(
                snapshot.services(), snapshot.endpointSlices(), snapshot.namespaces(), byService.map(), next);
    }

    private PersistentMap<String, Boolean> namespaces(ClusterSnapshot snapshot) {
        MapEditor<String, Boolean> names = view.namespaces().edit();
        snapshot.namespaces()
                .differences(
                        namespaces,
                        (name, _, after) ->
                                names.set(name, Optional.ofNullable(after).map(_ -> true)));
        return names.map();
    }

    /** An address may have names from several services; they are kept in order, so that history does not show. */
    private static void replace(
            MapEditor<IpAddress, List<String>> pointers,
            Map<IpAddress, List<String>> before,
            Map<IpAddress, List<String>> after) {
        before.keySet().stream()
                .filter(address -> !after.containsKey(address))
                .forEach(address -> replace(pointers, address, before.getOrDefault(address, List.of()), List.of()));
        after.forEach((address, names) -> replace(pointers, address, before.getOrDefault(address, List.of()), names));
    }

    private static void replace(
            MapEditor<IpAddress, List<String>> pointers, IpAddress address, List<String> before, List<String> after) {
        List<String> present = pointers.get(address).orElse(List.of());
        List<String> names = present.equals(before) ? after : merged(present, before, after);
        pointers.set(address, Optional.of(names).filter(list -> !list.isEmpty()));
    }

    private static List<String> merged(List<String> present, List<String> before, List<String> after) {
        TreeSet<String> names = new TreeSet<>(present);
        before.forEach(names::remove);
        names.addAll(after);
        return List.copyOf(names);
    }
}
