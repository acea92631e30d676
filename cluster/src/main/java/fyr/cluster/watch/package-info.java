/**
 * Follows one kind of object each: list, watch, expiry, loss and return. In: a client and a reader. Out: changes to the set of objects.
 * It must not remove anything because a server was lost.
 */
@NullMarked
package fyr.cluster.watch;

import org.jspecify.annotations.NullMarked;
