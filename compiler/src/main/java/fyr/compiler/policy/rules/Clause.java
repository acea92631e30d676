package fyr.compiler.policy.rules;

import fyr.policy.Action;
import fyr.policy.PortTerm;
import java.util.Set;

/**
 * What a rule of a group does with one term's traffic on these ports. Clauses of the same tier and rank have the same action.
 *
 * @param tier position among the tiers that have rules for the group
 * @param rank of the rule in its tier; the lowest that matches decides
 */
public record Clause(int tier, int rank, Action action, Set<PortTerm> ports) {}
