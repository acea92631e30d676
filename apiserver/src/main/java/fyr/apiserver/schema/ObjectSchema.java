package fyr.apiserver.schema;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.KindNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Which fields the objects of a kind have. */
public interface ObjectSchema {
    /**
     * What was wrong with an object.
     *
     * @param unknown fields that were dropped, each as a sentence
     * @param faults rules of the fields that the object breaks
     */
    record Decoded(List<String> unknown, List<Fault> faults) {}

    /** Reads an object in place: drops what the kind does not have, and sets what it has by default. A 400 for a field of another type. */
    Decoded decode(KindNames names, ObjectNode object);

    /** The fields by which patches merge lists; empty when no strategic merge patch is possible. */
    Optional<Map<String, Field>> fields();

    /** Adds the kind and all types that it is made of to the {@code components.schemas} of OpenAPI v3, and returns the schema of the kind. */
    ObjectNode describe(KindNames names, ObjectNode schemas);

    /** The schema that Kubernetes publishes for this type. */
    static ObjectSchema builtIn(String type) {
        return new BuiltInSchema(type);
    }
}
