/** Runs tests in a guest kernel, where there is no Maven: {@code *GuestIT}, started by scripts/ipvs-tests. */
@NullMarked
package fyr.testkit.guest;

import org.jspecify.annotations.NullMarked;
