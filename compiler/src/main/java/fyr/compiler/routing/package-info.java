/**
 * The pod network: routes to other nodes' pods, directly or through VXLAN, to this node's own pods, and the masquerade of what leaves the
 * cluster. In: nodes and this node's attachments. Out: every table of the kernel plan but services and policy.
 */
@NullMarked
package fyr.compiler.routing;

import org.jspecify.annotations.NullMarked;
