/**
 * Who the other end of a connection is. In: the terms that rules use for peers, the cluster's pods and namespaces. Out: which terms an
 * address matches ({@link fyr.compiler.policy.peers.Match}). It does not know what any rule decides, nor how it is enforced.
 */
@NullMarked
package fyr.compiler.policy.peers;

import org.jspecify.annotations.NullMarked;
