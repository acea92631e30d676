package fyr.agent.proxy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The type of a field in kube-proxy's Go structures, as far as it decides which YAML values are accepted. */
public enum FieldType {
    TEXT("a text", true),
    FLAG("true or false", true),
    OPTIONAL_FLAG("true or false", false),
    INTEGER("an integer", true),
    OPTIONAL_INTEGER("an integer", false),
    NUMBER("a number", true),
    DURATION("a duration as a text, such as 30s or 1h30m", true),
    OPTIONAL_DURATION("a duration as a text, such as 30s or 1h30m", false),
    TEXTS("a list of texts", true),
    FLAGS("a mapping of names to true or false", true),
    /** Of the log of kube-proxy: not looked into. */
    ANYTHING("any value", true);

    /** YAML 1.1, which kube-proxy reads, has more words for truth than YAML 1.2. */
    private static final Set<String> YES = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");

    private static final Set<String> NO = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");

    private final String expected;
    private final boolean zeroIsAbsent;

    FieldType(String expected, boolean zeroIsAbsent) {
        this.expected = expected;
        this.zeroIsAbsent = zeroIsAbsent;
    }

    /** What is expected, for messages. */
    String expected() {
        return expected;
    }

    /** Whether a value is of this type. The caller has excluded absent ones. */
    boolean accepts(Object value) {
        return switch (this) {
            case TEXT -> value instanceof String;
            case FLAG, OPTIONAL_FLAG -> flag(value).isPresent();
            case INTEGER, OPTIONAL_INTEGER -> value instanceof Long number && number == number.intValue();
            case NUMBER -> value instanceof Long || value instanceof Double || value instanceof BigInteger;
            case DURATION, OPTIONAL_DURATION ->
                value instanceof String text && GoDuration.parse(text).isPresent();
            case TEXTS -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
            case FLAGS ->
                value instanceof Map<?, ?> map
                        && map.values().stream()
                                .allMatch(each -> each != null && flag(each).isPresent());
            case ANYTHING -> true;
        };
    }

    /** Whether kube-proxy treats this value as if the field were absent. */
    boolean isAbsent(Object value) {
        return zeroIsAbsent
                && switch (value) {
                    case String text when this == TEXT -> text.isEmpty();
                    case String text when this == FLAG -> !flag(text).orElse(true);
                    case String text ->
                        text.isEmpty()
                                || GoDuration.parse(text)
                                        .filter(Duration::isZero)
                                        .isPresent();
                    case Boolean flag -> !flag;
                    case Number number -> number.doubleValue() == 0;
                    case Collection<?> list -> list.isEmpty();
                    case Map<?, ?> map
                    when this == ANYTHING -> map.values().stream().allMatch(below -> below == null || isAbsent(below));
                    case Map<?, ?> map -> map.isEmpty();
                    default -> false;
                };
    }

    /** The value as a flag; empty if it is none. */
    static Optional<Boolean> flag(Object value) {
        return switch (value) {
            case Boolean flag -> Optional.of(flag);
            case String text when YES.contains(text) -> Optional.of(true);
            case String text when NO.contains(text) -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
