package fyr.policy;

import fyr.model.policy.LabelSelector;
import java.util.stream.Collectors;

/** Label selectors in the notation of {@code kubectl --selector}. */
final class Selectors {

    private Selectors() {}

    static String text(LabelSelector selector) {
        return selector.requirements().isEmpty()
                ? "any labels"
                : selector.requirements().stream().map(Selectors::text).collect(Collectors.joining(","));
    }

    private static String text(LabelSelector.Requirement requirement) {
        String values = String.join(",", requirement.values());
        return switch (requirement.operator()) {
            case IN ->
                requirement.values().size() == 1
                        ? requirement.key() + "=" + values
                        : requirement.key() + " in (" + values + ")";
            case NOT_IN -> requirement.key() + " notin (" + values + ")";
            case EXISTS -> requirement.key();
            case DOES_NOT_EXIST -> "!" + requirement.key();
        };
    }
}
