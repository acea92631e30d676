/**
 * Services in nf_tables. In: the table of services. Out: sets, maps, chains and elements, a setting of connection tracking, what the packet
 * rules of other features have to know about translated connections, and complaints about what the table says and the rules cannot do yet.
 * It must not look at the cluster's objects: whatever a service means is in the table.
 */
@NullMarked
package fyr.compiler.service.nft;

import org.jspecify.annotations.NullMarked;
