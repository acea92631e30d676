/**
 * The session with one peer as a pure function (RFC 4271 section 8): what happened and the time come in, the next state and what is to be done
 * go out. It must not know sockets, clocks, threads or routes.
 */
@NullMarked
package fyr.bgp.session;

import org.jspecify.annotations.NullMarked;
