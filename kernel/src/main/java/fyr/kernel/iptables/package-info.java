/**
 * Chains and rules of iptables and ip6tables, as far as Fyr writes them, and their text: what {@code iptables-restore} reads and {@code
 * iptables-save} prints. Out: values. It starts no program and knows nothing of the cluster.
 */
@NullMarked
package fyr.kernel.iptables;

import org.jspecify.annotations.NullMarked;
