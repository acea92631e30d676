/**
 * Routes: what each peer announced, which paths are the best, and what each peer is to be told.
 *
 * <p>In come announcements and withdrawals of peers ({@link fyr.bgp.rib.Rib#announce}), the routes that this node announces itself, and
 * sessions that end or restart. Out go the destinations whose best paths changed ({@link fyr.bgp.rib.RouteListener}) and, for each peer, the
 * messages that bring it up to date ({@link fyr.bgp.rib.AdjRibOut}).
 *
 * <p>The choice depends on the paths alone, never on the order in which they came. Nothing here waits, reads a clock or uses a socket; all of
 * it belongs to one thread.
 */
@NullMarked
package fyr.bgp.rib;

import org.jspecify.annotations.NullMarked;
