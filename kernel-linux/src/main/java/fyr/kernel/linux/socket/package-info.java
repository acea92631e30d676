/** Sockets over netlink (net/ipv4/inet_diag.c): found and aborted, nothing else. */
@NullMarked
package fyr.kernel.linux.socket;

import org.jspecify.annotations.NullMarked;
