/**
 * The meaning of policies: whether a flow is allowed, and why. Policies are arranged in tiers ({@link fyr.policy.Tiers}), evaluated in
 * order: tiers of ordered rules that accept, deny or pass, and in their middle the tier of NetworkPolicy (networking.k8s.io/v1), which
 * decides about every pod that it isolates. {@link fyr.policy.PolicyEvaluation} answers for one flow; the compiler builds sets for the
 * kernel from the same terms ({@link fyr.policy.PeerTerm}, {@link fyr.policy.PortTerm}, {@link fyr.policy.PolicyIndex}), so that what is
 * said and what is enforced cannot differ.
 */
@NullMarked
package fyr.policy;

import org.jspecify.annotations.NullMarked;
