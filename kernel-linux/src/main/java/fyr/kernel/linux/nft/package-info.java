/**
 * nf_tables over netlink (net/netfilter/nf_tables_api.c): what {@link fyr.kernel.nft} says, written as transactions and read back. Names
 * and numbers are the kernel's (include/uapi/linux/netfilter/nf_tables.h).
 */
@NullMarked
package fyr.kernel.linux.nft;

import org.jspecify.annotations.NullMarked;
