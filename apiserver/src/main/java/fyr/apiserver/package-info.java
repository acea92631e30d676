/**
 * The entrance to the embedded API server of the lab: what {@code kubectl}, the agent and the lab's own controllers need of a kube-apiserver, in memory. In come an
 * address and settings, out come a running server, its certificate and its kubeconfig. It starts no controller, and knows nothing of the kernel.
 *
 * <p>Each package below has one idea and depends only on those before it: {@code object}, {@code schema}, {@code patch}, {@code kinds}, {@code store}, {@code http}.
 */
@NullMarked
package fyr.apiserver;

import org.jspecify.annotations.NullMarked;
