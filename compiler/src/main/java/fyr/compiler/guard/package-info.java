/**
 * Decides where packets may come from: a pod's packets from the pod's link, encapsulated packets from the uplink and from the node that has
 * the inner source. Input: nodes and this node's attachments. Output: constant chains, and their sets. The package decides only about
 * sources; what a source may reach is decided by policy.
 */
@NullMarked
package fyr.compiler.guard;

import org.jspecify.annotations.NullMarked;
