/** IPVS over generic netlink (net/netfilter/ipvs/ip_vs_ctl.c): virtual servers and real servers read, written and removed. */
@NullMarked
package fyr.kernel.linux.ipvs;

import org.jspecify.annotations.NullMarked;
