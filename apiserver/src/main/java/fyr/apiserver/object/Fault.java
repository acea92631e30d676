package fyr.apiserver.object;

/**
 * One broken rule of an object, worded as Kubernetes does (apimachinery's field errors), so that people and programs recognise it.
 *
 * @param field where, as in {@code spec.ports[0].port}
 * @param reason {@code FieldValueRequired}, {@code FieldValueInvalid}, …
 */
public record Fault(String field, String reason, String message) {

    /** The field is missing. */
    public static Fault required(String field, String hint) {
        return new Fault(field, "FieldValueRequired", "Required value" + (hint.isEmpty() ? "" : ": " + hint));
    }

    /** The value breaks a rule. */
    public static Fault invalid(String field, Object value, String why) {
        return new Fault(field, "FieldValueInvalid", "Invalid value: " + shown(value) + ": " + why);
    }

    private static String shown(Object value) {
        return value instanceof String text ? "\"" + text + "\"" : value.toString();
    }

    /** The value is not one of a closed set. */
    public static Fault unsupported(String field, String value, String allowed) {
        String message = "Unsupported value: \"" + value + "\": supported values: " + allowed;
        return new Fault(field, "FieldValueNotSupported", message);
    }

    /** The value is there twice. */
    public static Fault duplicate(String field, Object value) {
        return new Fault(field, "FieldValueDuplicate", "Duplicate value: " + shown(value));
    }

    /** The field may not be set. */
    public static Fault forbidden(String field, String why) {
        return new Fault(field, "FieldValueForbidden", "Forbidden: " + why);
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
