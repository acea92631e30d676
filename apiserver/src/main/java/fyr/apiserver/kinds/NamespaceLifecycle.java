package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A namespace ends after everything in it. */
final class NamespaceLifecycle implements Lifecycle {
    private static final List<String> KEPT = List.of("default", "kube-system", "kube-public");

    @Override
    public Optional<String> kept(ObjectNode namespace) {
        return KEPT.contains(Json.name(namespace))
                ? Optional.of("this namespace may not be deleted")
                : Optional.empty();
    }

    @Override
    public boolean contains() {
        return true;
    }

    @Override
    public void marked(ObjectNode namespace) {
        Json.child(namespace, "status").put("phase", "Terminating");
    }

    /** Workloads first, so that nothing creates pods again. */
    @Override
    public void leaving(Others others, ObjectNode namespace) {
        String name = Json.name(namespace);
        for (Resource resource : others.catalog().all().reversed()) {
            if (resource.namespaced() && !resource.converted()) {
                others.list(resource, name).forEach(one -> others.delete(resource, name, Json.name(one), false));
            }
        }
    }

    @Override
    public boolean empty(Others others, ObjectNode namespace) {
        return others.catalog().all().stream()
                .filter(resource -> resource.namespaced() && !resource.converted())
                .allMatch(
                        resource -> others.list(resource, Json.name(namespace)).isEmpty());
    }
}
