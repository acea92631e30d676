/**
 * Rules about which paths are taken from a peer or given to it, and how they are changed on the way.
 *
 * <p>In come a destination and what is said about it; out comes what is to be said instead, or nothing. A filter is a value and decides by what
 * it is given alone. It knows nothing of peers, sessions or other paths.
 */
@NullMarked
package fyr.bgp.filter;

import org.jspecify.annotations.NullMarked;
