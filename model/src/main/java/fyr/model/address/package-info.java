/** Addresses and prefixes of both families, and arithmetic on them; nothing else. */
@NullMarked
package fyr.model.address;

import org.jspecify.annotations.NullMarked;
