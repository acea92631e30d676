/**
 * The wire format of BGP (RFC 4271, 4760, 5492, 6793, 7911, 8654, 8950, 9072) and its error handling (RFC 7606): bytes of one message and what
 * was negotiated come in, messages as values go out, and back. It must not know sessions, timers or sockets.
 */
@NullMarked
package fyr.bgp.message;

import org.jspecify.annotations.NullMarked;
