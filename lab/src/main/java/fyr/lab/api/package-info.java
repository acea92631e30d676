/**
 * The embedded API server of the lab: what {@code kubectl}, the agent and the lab's own controllers need of a kube-apiserver, over plain HTTP and in
 * memory. In come requests and manifests, out go objects, lists and watches. It starts no controller and knows nothing of the kernel.
 *
 * <p>Objects are {@link tools.jackson.databind.node.ObjectNode} trees, immutable by convention once they are in the {@link fyr.lab.api.Store}.
 */
@NullMarked
package fyr.lab.api;

import org.jspecify.annotations.NullMarked;
