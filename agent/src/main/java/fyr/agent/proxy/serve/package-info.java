/**
 * What kube-proxy serves: its health, its metrics, and the health check node ports of Services. Input: snapshots of the cluster and the
 * rounds of the agent's loop. Output: HTTP answers. It must not change the kernel's network.
 */
@NullMarked
package fyr.agent.proxy.serve;

import org.jspecify.annotations.NullMarked;
