package fyr.cluster.manifest;

import fyr.cluster.read.Fault;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.observation.Complaint;
import java.util.List;

/** The parts of a manifest that agents do not implement. */
public final class Unsupported {

    private Unsupported() {}

    /**
     * The fields that are left out, each in the words that agents use.
     *
     * @param namespace of the object if the manifest names none
     */
    public static List<Complaint> in(Manifest manifest, String namespace) {
        if (!manifest.kind().equals(Kind.SERVICE.name())
                || !manifest.apiVersion().equals("v1")) {
            return List.of();
        }
        String name = manifest.namespace().orElse(namespace) + "/" + manifest.name();
        return new KindReader<>(Kind.SERVICE).one(manifest.json())
                        instanceof Reading.Partial<NamespacedName, Service> partial
                ? partial.faults().stream().map(fault -> complaint(name, fault)).toList()
                : List.of();
    }

    private static Complaint complaint(String name, Fault fault) {
        return new Complaint(Kind.SERVICE.name(), name, fault.field(), fault.what());
    }
}
