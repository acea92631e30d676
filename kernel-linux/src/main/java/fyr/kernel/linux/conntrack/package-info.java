/** Connection tracking over netlink (net/netfilter/nf_conntrack_netlink.c): entries read and deleted, nothing else. */
@NullMarked
package fyr.kernel.linux.conntrack;

import org.jspecify.annotations.NullMarked;
