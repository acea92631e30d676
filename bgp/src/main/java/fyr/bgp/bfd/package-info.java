/**
 * BFD over a single hop (RFC 5880, RFC 5881): whether packets reach a peer and come back, in fractions of a second. In come the peers to watch and
 * packets from the network; out go packets, and news of peers that can be reached or not any more ({@link fyr.bgp.bfd.BfdSpeaker}). Asynchronous
 * mode without authentication and without the echo function.
 *
 * <p>The protocol is a pure function ({@link fyr.bgp.bfd.BfdMachine}). Options of sockets that the JDK does not have are asked for through {@link
 * fyr.bgp.bfd.BfdOptions}. Nothing here knows BGP sessions or routes.
 */
@NullMarked
package fyr.bgp.bfd;

import org.jspecify.annotations.NullMarked;
