/** All names that are not the cluster's: asked of upstream servers, remembered for as long as they allow. It must not know the cluster. */
@NullMarked
package fyr.dns.forward;

import org.jspecify.annotations.NullMarked;
