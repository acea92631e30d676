/** nf_tables: sets, maps, chains, rules and their expressions, one record for each kind that the kernel knows and Fyr uses. */
@NullMarked
package fyr.kernel.nft;

import org.jspecify.annotations.NullMarked;
