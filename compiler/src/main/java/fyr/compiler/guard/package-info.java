/**
 * Where packets may come from: a pod's by the pod's link, encapsulated ones by the uplink and from the node that has the inner source. In:
 * nodes and this node's attachments. Out: chains that do not change, and their sets. The package decides about sources only; what a source
 * may reach is for policy.
 */
@NullMarked
package fyr.compiler.guard;

import org.jspecify.annotations.NullMarked;
