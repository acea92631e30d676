/**
 * The composition root of the node daemon: the only place where concrete classes meet. In: options, the API server, the container
 * runtime, the kernel. Out: a node whose network is as the cluster says. One thread owns the state; everything else hands in values.
 */
@NullMarked
package fyr.agent;

import org.jspecify.annotations.NullMarked;
