/** {@code fyr status}: what an agent says about its node. In: the agent's answers. Out: text or JSON. It reads nothing else of the node. */
@NullMarked
package fyr.cli.status;

import org.jspecify.annotations.NullMarked;
