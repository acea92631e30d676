/**
 * The pods of this node and their addresses. In: the cluster's pods, this node's attachments. Out: which addresses are certainly whose. It
 * knows nothing of policies.
 */
@NullMarked
package fyr.compiler.policy.pods;

import org.jspecify.annotations.NullMarked;
