/** What cluster DNS serves, from services and their endpoint slices, and the rules that keep its address quiet while nobody serves it. */
@NullMarked
package fyr.compiler.dns;

import org.jspecify.annotations.NullMarked;
