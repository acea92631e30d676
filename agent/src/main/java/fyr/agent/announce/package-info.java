/**
 * Which node answers ARP and neighbour solicitations for a load balancer address. In: the cluster, the pools, datagrams of other agents and the
 * clock. Out: datagrams to other agents, and whether this node may answer now. Everything but {@link fyr.agent.announce.Announcer} is pure.
 */
@NullMarked
package fyr.agent.announce;

import org.jspecify.annotations.NullMarked;
