/**
 * Which Service gets which load balancer address, and which node may answer for an address, as pure functions; and the elected agent that
 * writes assignments into statuses. In: pools and Services of the API server. Out: statuses. It must not know the kernel.
 */
@NullMarked
package fyr.agent.balancer;

import org.jspecify.annotations.NullMarked;
