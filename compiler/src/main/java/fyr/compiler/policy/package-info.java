/**
 * NetworkPolicy as a constant number of sets, maps, chains and rules. In: pods, namespaces, policies, this node's attachments. Out: the
 * {@code policy-} part of both nf_tables tables.
 *
 * <p>A local pod that policies isolate belongs to a {@link fyr.compiler.policy.Group}: what it is allowed. An address that rules speak of
 * has an identity: which of their terms it matches ({@link fyr.compiler.policy.Match}). What a group allows an identity is one element,
 * so a packet is judged by a few lookups, however many policies there are. Numbers are made from contents, not from history.
 */
@NullMarked
package fyr.compiler.policy;

import org.jspecify.annotations.NullMarked;
