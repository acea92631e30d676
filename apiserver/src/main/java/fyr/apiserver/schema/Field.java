package fyr.apiserver.schema;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A field of a type.
 *
 * @param otherwise what it is when the manifest says nothing
 */
public record Field(String name, boolean required, FieldType type, Optional<JsonNode> otherwise) {}
