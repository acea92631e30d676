/** What the DNS packages share: the one exception for mistakes that a user can mend. */
@NullMarked
package fyr.dns;

import org.jspecify.annotations.NullMarked;
