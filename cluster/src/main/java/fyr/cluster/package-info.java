/**
 * The cluster as the API server tells it. In: an {@link fyr.cluster.client.ApiClient}. Out: {@link fyr.model.ClusterSnapshot}s and
 * observations. It must not know the kernel, nor decide what follows from a fact.
 */
@NullMarked
package fyr.cluster;

import org.jspecify.annotations.NullMarked;
