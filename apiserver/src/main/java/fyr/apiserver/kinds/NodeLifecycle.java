package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A new Node gets its pod prefixes; the pods of one that is gone end with it. */
record NodeLifecycle(List<Prefix> podRanges) implements Lifecycle {
    @Override
    public void admit(Others others, Optional<ObjectNode> before, ObjectNode node, List<Fault> faults) {
        if (before.isEmpty()) {
            NodePrefixes.complete(node, others.list(Kinds.NODES, ""), podRanges);
        }
    }

    /** Nothing else would end them (kubernetes' pod garbage collector). */
    @Override
    public void gone(Others others, ObjectNode node) {
        others.list(Kinds.PODS, "").stream()
                .filter(pod -> Json.text(pod, "spec", "nodeName").equals(Json.name(node)))
                .forEach(pod -> others.delete(Kinds.PODS, Json.namespace(pod), Json.name(pod), true));
    }
}
