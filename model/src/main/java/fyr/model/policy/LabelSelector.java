package fyr.model.policy;

import fyr.model.Labels;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A label selector (meta/v1): all requirements hold. Without requirements it selects everything. */
public record LabelSelector(List<Requirement> requirements) {

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** The selector {@code {}}. */
    public static LabelSelector everything() {
        return new LabelSelector(List.of());
    }

    /** One requirement on one label; {@code matchLabels} are requirements with {@link Operator#IN} and one value. */
    public record Requirement(String key, Operator operator, Set<String> values) {
        public Requirement {
            values = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(values));
        }

        /** Whether an object with these labels meets the requirement. An absent label is not in any set, hence meets NOT_IN. */
        public boolean matches(Labels labels) {
            return switch (operator) {
                case IN -> labels.get(key).filter(values::contains).isPresent();
                case NOT_IN -> labels.get(key).filter(values::contains).isEmpty();
                case EXISTS -> labels.get(key).isPresent();
                case DOES_NOT_EXIST -> labels.get(key).isEmpty();
            };
        }
    }

    /** How a requirement compares. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(Labels labels) {
        for (Requirement requirement : requirements) { // no stream: the policy compiler asks millions of times
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
