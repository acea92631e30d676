package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A definition serves its kinds at once, and ends after their objects. */
final class DefinitionLifecycle implements Lifecycle {
    private static final int MOST = 500;

    @Override
    public void admit(Others others, Optional<ObjectNode> before, ObjectNode after, List<Fault> faults) {
        if (before.isEmpty() && others.list(Kinds.DEFINITIONS, "").size() >= MOST) {
            faults.add(Fault.forbidden("metadata.name", "a lab has at most " + MOST + " definitions"));
        }
        Definition definition = new Definition(after);
        ObjectNode status = Json.child(after, "status");
        status.set("acceptedNames", Json.at(after, "spec", "names").deepCopy());
        ArrayNode versions =
                status.get("storedVersions") instanceof ArrayNode found ? found : status.putArray("storedVersions");
        String stored = definition.stored().version();
        if (!Json.texts(status, "storedVersions").contains(stored)) {
            versions.add(stored);
        }
        String since = Json.text(after, "metadata", "creationTimestamp");
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", since);
        condition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted", since);
    }

    private static void condition(ArrayNode conditions, String type, String reason, String message, String since) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }

    @Override
    public void stored(Others others, Optional<ObjectNode> before, ObjectNode after) {
        Definition definition = new Definition(after);
        others.catalog().serve(definition.group(), definition.plural(), definition.served());
    }

    @Override
    public boolean contains() {
        return true;
    }

    @Override
    public void leaving(Others others, ObjectNode object) {
        Resource kind = new Definition(object).stored();
        others.list(kind, "").forEach(one -> others.delete(kind, Json.namespace(one), Json.name(one), true));
    }

    @Override
    public boolean empty(Others others, ObjectNode object) {
        return others.list(new Definition(object).stored(), "").isEmpty();
    }

    @Override
    public void gone(Others others, ObjectNode object) {
        Definition definition = new Definition(object);
        others.catalog().serve(definition.group(), definition.plural(), List.of());
    }
}
