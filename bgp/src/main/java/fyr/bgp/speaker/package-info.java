/**
 * The speaker: sessions with peers over TCP, and the routes that they exchange.
 *
 * <p>In come the settings, the routes that this node announces, and news of BFD ({@link fyr.bgp.speaker.Speaker}). Out go the routes that peers
 * announced and that were chosen, and answers to questions about peers and routes. All of it happens on one thread, which never waits for a
 * peer.
 *
 * <p>Options of sockets that the JDK does not have are asked for through {@link fyr.bgp.speaker.TcpOptions}. Nothing here writes to the
 * kernel's tables.
 */
@NullMarked
package fyr.bgp.speaker;

import org.jspecify.annotations.NullMarked;
