/**
 * Policies as a constant number of sets, maps, chains and rules. In: tiers of policies, pods, namespaces, this node's attachments. Out: the
 * {@code policy-} part of both nf_tables tables.
 *
 * <pre>
 *   Tiers                                 pods, namespaces, nodes, attachments
 *     |                                      |
 *     |  policies that select a pod          |  pods: whose address is it?
 *     v                                      v
 *   rules: Selection --&gt; Group             pods: Attached, LocalPods
 *     |      the rules for some pods         |
 *     |      in one direction, by term       v
 *     |                            terms   peers: Terms, Blocks, PodMatcher --&gt; Match
 *     +------------------------------------&gt; |      which terms an address matches
 *     |                                      |
 *     v                                      v
 *   number: group number                   PeerTable: address --&gt; identity number
 *     |                                      |
 *     +---------------- Decisions -----------+
 *                          |  rules: Verdicts, all tiers in order,
 *                          |  for a group, a match and each port
 *                          v
 *   VerdictElements: (group, identity, port) --&gt; accept or deny
 *                          |
 *                          v
 *   PolicyRuleset, Judgement: chains that look up group and identity of a packet,
 * and then what is accepted and what is denied
 * </pre>
 *
 * <p>The order of tiers and rules is evaluated here and not by the kernel, so a packet is judged by a few lookups however many policies,
 * tiers and rules there are. The first element that is found decides. Where NetworkPolicy is the only tier, there are no sets of what
 * is denied, and an identity consists of the terms about pods or of those about blocks. Where the order of rules counts ({@code Terms.ordered()}), the
 * verdict depends on all of them together, so the identity of a pod's address includes the blocks that contain the address.
 *
 * <p>A pod that is not known yet gains nothing by that. If rules deny something to pods, or pass over other rules for them, every address
 * in the nodes' blocks of pods that is not a known pod's is judged as if each such term matched it, and none that accepts. A local pod that
 * is not known is denied everything if policies isolate pods of its namespace or deny something to them.
 *
 * <p>Numbers are made from contents, not from history.
 */
@NullMarked
package fyr.compiler.policy;

import org.jspecify.annotations.NullMarked;
