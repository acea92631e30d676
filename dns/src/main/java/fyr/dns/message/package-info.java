/** The wire format of DNS (RFC 1035, 2782, 3596, 6891): bytes in, records out, and back. It must not know clusters, sockets or clocks. */
@NullMarked
package fyr.dns.message;

import org.jspecify.annotations.NullMarked;
