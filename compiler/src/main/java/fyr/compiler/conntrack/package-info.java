/**
 * Rules about the number of connections that are tracked. In: the node's options. Out: constant chains and meters; nothing here depends on
 * which pods there are.
 */
@NullMarked
package fyr.compiler.conntrack;

import org.jspecify.annotations.NullMarked;
