package fyr.cluster.read;

import fyr.model.policy.LabelSelector;
import fyr.model.policy.LabelSelector.Operator;
import fyr.model.policy.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** meta/v1 LabelSelector. */
final class SelectorBody {

    private static final Map<String, Operator> OPERATORS = Map.of(
            "In",
            Operator.IN,
            "NotIn",
            Operator.NOT_IN,
            "Exists",
            Operator.EXISTS,
            "DoesNotExist",
            Operator.DOES_NOT_EXIST);

    private SelectorBody() {}

    static LabelSelector read(JsonCursor json) {
        List<Requirement> labels = new ArrayList<>();
        List<Requirement> expressions = new ArrayList<>();
        json.object(field -> {
            switch (field) {
                case "matchLabels" ->
                    json.labels()
                            .values()
                            .forEach((key, value) -> labels.add(new Requirement(key, Operator.IN, Set.of(value))));
                case "matchExpressions" -> expressions.addAll(json.list(() -> requirement(json)));
                default -> json.skip();
            }
        });
        labels.addAll(expressions);
        return new LabelSelector(labels);
    }

    private static final class Parts {
        private String key = "";
        private @Nullable Operator operator;
        private final Set<String> values = new TreeSet<>();
    }

    private static Requirement requirement(JsonCursor json) {
        Parts parts = new Parts();
        json.object(field -> {
            switch (field) {
                case "key" -> parts.key = json.sharedText();
                case "operator" -> parts.operator = json.one("operator", OPERATORS);
                case "values" -> parts.values.addAll(json.list(json::sharedText));
                default -> json.skip();
            }
        });
        if (parts.key.isEmpty() || parts.operator == null) {
            throw json.malformed("a requirement needs key and operator");
        }
        boolean set = parts.operator == Operator.IN || parts.operator == Operator.NOT_IN;
        if (set == parts.values.isEmpty()) {
            throw json.malformed(
                    set
                            ? "values must not be empty for In and NotIn"
                            : "values must be empty for Exists and DoesNotExist");
        }
        return new Requirement(parts.key, parts.operator, parts.values);
    }
}
