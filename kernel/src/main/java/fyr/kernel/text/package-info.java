/**
 * Kernel state as text for people. In: plans, deltas and entries. Out: text in which packet rules read like the input of nft and the other
 * tables like that of ip. It is not meant to be parsed; what writes to the kernel must not use it.
 */
@NullMarked
package fyr.kernel.text;

import org.jspecify.annotations.NullMarked;
