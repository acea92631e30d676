/**
 * Host ports: ports of the node that lead to one of its pods. In: this node's attachments with the host ports that {@link
 * fyr.compiler.claim} granted them. Out: one map of each kind and family in nf_tables with constant rules, and which tracked flows a change
 * leaves behind. Nothing here decides who has a port, and nothing here looks at Services.
 */
@NullMarked
package fyr.compiler.hostport;

import org.jspecify.annotations.NullMarked;
