/**
 * Sockets of others. Over netlink (net/ipv4/inet_diag.c), the node's TCP connections are found and aborted. Channels of {@code java.nio} come in and
 * get the options that the JDK does not have. Nothing here opens a connection, closes a channel or receives.
 */
@NullMarked
package fyr.kernel.linux.socket;

import org.jspecify.annotations.NullMarked;
