package fyr.policy;

import java.util.List;

/** Policies in the order of their precedence: the first rule that matches decides. Where none matches, the next tier is evaluated. */
public record Tier(String name, List<TierPolicy> policies) {
    public Tier {
        policies = List.copyOf(policies);
    }
}
