/** Entries of the connection tracking table, and what may be done to them. */
@NullMarked
package fyr.kernel.conntrack;

import org.jspecify.annotations.NullMarked;
