/** The vocabulary of rtnetlink, for whoever speaks it: numbers in the kernel's spelling, and the structures that messages begin with. */
@NullMarked
package fyr.kernel.linux.rtnetlink;

import org.jspecify.annotations.NullMarked;
