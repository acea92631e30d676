/**
 * A node's kubelet in miniature: registers the node, attaches the pods bound to it through the CNI executable as a container runtime
 * does, serves their ports, and writes their status. Speaks to any API server.
 */
@NullMarked
package fyr.lab.kubelet;

import org.jspecify.annotations.NullMarked;
