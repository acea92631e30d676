/** What cluster DNS serves, from services and their endpoint slices. */
@NullMarked
package fyr.compiler.dns;

import org.jspecify.annotations.NullMarked;
