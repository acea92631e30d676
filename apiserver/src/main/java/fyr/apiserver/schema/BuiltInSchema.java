package fyr.apiserver.schema;

import fyr.apiserver.object.KindNames;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The schema that Kubernetes publishes for a type. */
record BuiltInSchema(String type) implements ObjectSchema {
    @Override
    public Decoded decode(KindNames names, ObjectNode object) {
        Decoding decoding = new Decoding(names, type);
        decoding.decode(object);
        return new Decoded(decoding.unknown(), decoding.faults());
    }

    @Override
    public Optional<Map<String, Field>> fields() {
        return Optional.of(Schema.instance().fields(type));
    }

    @Override
    public ObjectNode describe(KindNames names, ObjectNode schemas) {
        return new OpenApiTypes(schemas).describe(type);
    }
}
