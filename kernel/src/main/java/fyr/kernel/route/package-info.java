/** Routes, neighbours and forwarding database entries. */
@NullMarked
package fyr.kernel.route;

import org.jspecify.annotations.NullMarked;
