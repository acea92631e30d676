/**
 * What rules of nf_tables have to know about frontends of Services, in every mode in which nf_tables finds them (nftables and ipvs). In: the
 * rows of the table of Services, and the node. Out: sets and elements, and rules that do not depend on who balances connections. It must not
 * know endpoints.
 */
@NullMarked
package fyr.compiler.service.frontend;

import org.jspecify.annotations.NullMarked;
