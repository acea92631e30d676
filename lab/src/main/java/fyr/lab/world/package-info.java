/**
 * The machines and cables of a lab, as network namespaces: nodes in subnets, the router between them, and an outside that stands for
 * the internet. In comes the number of nodes and subnets; what runs on the nodes is the affair of others.
 */
@NullMarked
package fyr.lab.world;

import org.jspecify.annotations.NullMarked;
