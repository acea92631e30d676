/**
 * The speaker beside real routers: BIRD, FRR and GoBGP (scripts/peers routers). What each has to hear from the speaker is read from its own
 * output. Everything happens in the namespaces of a {@link fyr.bgp.interop.Lan} and ends with the test.
 */
@NullMarked
package fyr.bgp.interop;

import org.jspecify.annotations.NullMarked;
