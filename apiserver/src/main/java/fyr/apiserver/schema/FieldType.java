package fyr.apiserver.schema;

import java.util.List;

/** The type of a field in the {@link Schema}. */
public sealed interface FieldType {
    /** A value without fields. {@code kind} is the letter of the schema file; {@code allowed} is empty when any string is. */
    record Scalar(char kind, List<String> allowed) implements FieldType {}

    /** An object with the fields of this type. */
    record Struct(String type, boolean retainKeys) implements FieldType {}

    /** A list; {@code mergeKey} names how a strategic merge patch pairs elements: a field, "/" for equal scalars, "" to replace. */
    record Sequence(FieldType element, String mergeKey, boolean retainKeys) implements FieldType {}

    /** A map of strings to values of one type. */
    record Dictionary(FieldType value) implements FieldType {}
}
