package fyr.compiler.scenario;

import fyr.cluster.manifest.Manifest;
import fyr.cluster.read.Fault;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the objects of a file; read as an agent reads them from the API server. */
final class ScenarioObjects {
    private final List<String> faults = new ArrayList<>();
    private ClusterSnapshot objects = ClusterSnapshot.empty();

    void add(Manifest manifest) {
        objects = switch (manifest.kind()) {
            case "Node" -> objects.withNodes(with(objects.nodes(), Kind.NODE, manifest));
            case "Namespace" -> objects.withNamespaces(with(objects.namespaces(), Kind.NAMESPACE, manifest));
            case "Pod" -> objects.withPods(with(objects.pods(), Kind.POD, manifest));
            case "Service" -> objects.withServices(with(objects.services(), Kind.SERVICE, manifest));
            case "EndpointSlice" -> objects.withEndpointSlices(slices(manifest));
            case "NetworkPolicy" -> objects.withPolicies(with(objects.policies(), Kind.NETWORK_POLICY, manifest));
            default -> throw new IllegalArgumentException(manifest.position() + ": no node reads a " + manifest.kind());
        };
    }

    Scenario scenario() {
        return new Scenario(objects, List.copyOf(faults));
    }

    private <K extends Comparable<? super K>, V> PersistentMap<K, V> with(
            PersistentMap<K, V> known, Kind<K, V> kind, Manifest manifest) {
        Reading<K, V> reading = new KindReader<>(kind).one(manifest.json());
        return value(manifest, reading)
                .map(value -> known.with(reading.key(), value))
                .orElse(known);
    }

    private PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices(Manifest manifest) {
        Reading<NamespacedName, EndpointSlice> reading = new KindReader<>(Kind.ENDPOINT_SLICE).one(manifest.json());
        return value(manifest, reading)
                .map(slice -> objects.endpointSlices()
                        .with(
                                slice.service(),
                                objects.endpointSlices()
                                        .get(slice.service())
                                        .orElse(PersistentMap.empty())
                                        .with(slice.name(), slice)))
                .orElse(objects.endpointSlices());
    }

    private <K, V> Optional<V> value(Manifest manifest, Reading<K, V> reading) {
        return switch (reading) {
            case Reading.Valid<K, V>(K _, V value) -> Optional.of(value);
            case Reading.Partial<K, V>(K _, V value, List<Fault> about) -> {
                about.forEach(fault -> fault(manifest, fault.field(), fault.what()));
                yield Optional.of(value);
            }
            case Reading.Foreign<K, V> _ -> Optional.empty();
            case Reading.Invalid<K, V>(K _, String field, String what) -> {
                fault(manifest, field, what);
                yield Optional.empty();
            }
            case Reading.Doubtful<K, V>(K _, Optional<V> standIn, String field, String what) -> {
                fault(manifest, field, what);
                yield standIn;
            }
        };
    }

    private void fault(Manifest manifest, String field, String what) {
        String name = manifest.namespace().map(space -> space + "/").orElse("") + manifest.name();
        faults.add(manifest.kind() + " " + name + ": " + field + ": " + what);
    }
}
