/** Network namespaces: made, opened, entered by closure only. */
@NullMarked
package fyr.kernel.linux.namespace;

import org.jspecify.annotations.NullMarked;
