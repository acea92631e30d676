package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import java.util.Optional;

/** core/v1 Namespace: its metadata is all of it. */
final class NamespaceBody implements ObjectReader.Body<Namespace> {

    @Override
    public boolean field(String name, JsonCursor json) {
        return false;
    }

    @Override
    public Optional<Namespace> finish(NamespacedName name, Labels labels, JsonCursor json) {
        return Optional.of(new Namespace(name.name(), labels));
    }
}
