/**
 * Decides who gets what several objects claim: blocks of pod addresses, virtual addresses, node ports, addresses of pods, host ports. Input: a {@link
 * fyr.model.ClusterSnapshot} as it was received, and this node's attachments. Output: the same without values that belong to another object
 * or cannot be true, and a complaint about each value that was left out. All features compile from the output, so no feature sees a key
 * twice or has to remember its other claimants. The older object wins; the order in which objects were received does not matter.
 */
@NullMarked
package fyr.compiler.claim;

import org.jspecify.annotations.NullMarked;
