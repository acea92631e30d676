/**
 * A UDP server at all addresses of a network namespace. Input: datagrams of both families. Output: the answers of the server's function,
 * sent from the address that was asked. It knows nothing about the meaning of the bytes.
 */
@NullMarked
package fyr.kernel.linux.datagram;

import org.jspecify.annotations.NullMarked;
