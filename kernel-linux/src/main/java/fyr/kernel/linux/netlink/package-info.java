/**
 * Netlink (RFC 3549; include/uapi/linux/netlink.h): messages, attributes, and sockets to exchange them with the kernel. Knows nothing of
 * what a family's messages mean.
 */
@NullMarked
package fyr.kernel.linux.netlink;

import org.jspecify.annotations.NullMarked;
