/** What several features say in nf_tables' words: where a packet keeps its addresses and ports. */
@NullMarked
package fyr.compiler.nft;

import org.jspecify.annotations.NullMarked;
