/**
 * The words that all packages of the API server share: objects as JSON trees, the names of a kind, times, and refusals. In come trees, out come what they say
 * and the {@code Status} of a request that is refused. It must not know any kind, and depends on no other package of the server.
 *
 * <p>Objects are {@link tools.jackson.databind.node.ObjectNode} trees, immutable by convention once they are stored.
 */
@NullMarked
package fyr.apiserver.object;

import org.jspecify.annotations.NullMarked;
