/**
 * What BGP says about destinations, as values: prefixes, next hops, AS paths, communities and the whole set of attributes of a path. Parsed or
 * configured facts come in, ordered immutable values that can be compared and interned go out. It must not know bytes on the wire, peers or
 * sockets.
 */
@NullMarked
package fyr.bgp.path;

import org.jspecify.annotations.NullMarked;
