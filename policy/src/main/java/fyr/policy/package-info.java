/**
 * The meaning of NetworkPolicy (networking.k8s.io/v1): whether a flow is allowed, and why. {@link fyr.policy.PolicyEvaluation} answers for
 * one flow; the compiler builds sets for the kernel from the same terms ({@link fyr.policy.PeerTerm}, {@link fyr.policy.PortTerm},
 * {@link fyr.policy.PolicyIndex}), so that what is said and what is enforced cannot differ.
 */
@NullMarked
package fyr.policy;

import org.jspecify.annotations.NullMarked;
