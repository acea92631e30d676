/**
 * What is true of the cluster: nodes, namespaces, pods, services, endpoints, policies, as immutable records under Kubernetes' names.
 * In: nothing. Out: {@link fyr.model.ClusterSnapshot}. It must not know JSON, the kernel, or where a fact came from.
 */
@NullMarked
package fyr.model;

import org.jspecify.annotations.NullMarked;
