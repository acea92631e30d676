/** Sockets of others, and what may be done to them. */
@NullMarked
package fyr.kernel.socket;

import org.jspecify.annotations.NullMarked;
