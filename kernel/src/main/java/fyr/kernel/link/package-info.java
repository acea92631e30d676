/** Links (network devices), their addresses, and the settings under /proc/sys/net. */
@NullMarked
package fyr.kernel.link;

import org.jspecify.annotations.NullMarked;
