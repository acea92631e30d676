package fyr.bgp.filter;

import fyr.bgp.path.PathAttributes;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * Rules in order. The first that is about a path decides.
 *
 * @param otherwise whether paths that no rule is about are accepted
 */
public record Filter(List<Rule> rules, boolean otherwise) {

    /** Every path is used as it is. */
    public static final Filter ACCEPT = new Filter(List.of(), true);

    /** No path is used. */
    public static final Filter REJECT = new Filter(List.of(), false);

    public Filter {
        rules = List.copyOf(rules);
    }

    /** Whether the result depends on the destination. */
    public boolean looksAtPrefixes() {
        return rules.stream().anyMatch(rule -> !rule.match().prefixes().isEmpty());
    }

    /**
     * The path as it is to be used; empty if it is not.
     *
     * @param as the own autonomous system, which a rule may put in front of the path
     */
    public Optional<PathAttributes> apply(Prefix prefix, PathAttributes attributes, long as) {
        for (Rule rule : rules) {
            if (rule.match().matches(prefix, attributes)) {
                return switch (rule) {
                    case Rule.Accept(Match _, Changes changes) -> Optional.of(changes.apply(attributes, as));
                    case Rule.Reject _ -> Optional.empty();
                };
            }
        }
        return otherwise ? Optional.of(attributes) : Optional.empty();
    }
}
