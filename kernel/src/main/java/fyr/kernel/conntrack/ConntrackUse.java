package fyr.kernel.conntrack;

/**
 * How full the connection tracking table is, and what did not fit since the network namespace was created. Counters are sums over all
 * processors, of 32 bits each.
 *
 * @param entries in this network namespace
 * @param max how many there may be (net.netfilter.nf_conntrack_max); 0 if the kernel does not say
 * @param insertFailed entries that could not be inserted because another entry got the same addresses and ports meanwhile
 * @param drop packets that were dropped because no entry could be created for them
 * @param earlyDrop entries that were evicted because the table was full
 */
public record ConntrackUse(long entries, long max, long insertFailed, long drop, long earlyDrop) {}
