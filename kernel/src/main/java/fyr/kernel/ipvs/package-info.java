/** Virtual servers of IPVS, the load balancer in the kernel (net/netfilter/ipvs), and the real servers behind them. */
@NullMarked
package fyr.kernel.ipvs;

import org.jspecify.annotations.NullMarked;
