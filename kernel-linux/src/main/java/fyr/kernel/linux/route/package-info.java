/**
 * Links, addresses, routes, neighbours, forwarding databases, settings and pods' links of one network namespace, by rtnetlink
 * (include/uapi/linux/rtnetlink.h) and /proc/sys: what the kernel says, as records of fyr.kernel, and the other way round.
 */
@NullMarked
package fyr.kernel.linux.route;

import org.jspecify.annotations.NullMarked;
