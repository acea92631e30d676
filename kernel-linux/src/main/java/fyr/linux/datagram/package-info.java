/**
 * A UDP server at all addresses of a network namespace. In: datagrams, of both families. Out: what the server's function answers, from the
 * very address that was asked. It knows nothing of what the bytes mean.
 */
@NullMarked
package fyr.linux.datagram;

import org.jspecify.annotations.NullMarked;
