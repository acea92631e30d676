/**
 * The pod network: routes to other nodes' pods, directly or through VXLAN, and to this node's own pods; forwarding, and the addresses that
 * cluster DNS is served at. In: nodes and this node's attachments. Out: every table of the kernel plan but nf_tables.
 */
@NullMarked
package fyr.compiler.routing;

import org.jspecify.annotations.NullMarked;
