/**
 * What is decided about a pod's connections. In: tiers of policies, the node's pods. Out: groups of pods with the same rules
 * ({@link fyr.compiler.policy.rules.Group}), and their verdicts for a set of terms ({@link fyr.compiler.policy.rules.Verdicts}). It does
 * not know which address matches a term, nor how verdicts are enforced.
 */
@NullMarked
package fyr.compiler.policy.rules;

import org.jspecify.annotations.NullMarked;
