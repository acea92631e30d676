/**
 * The table of iptables chains. In: changes of {@link fyr.kernel.iptables}. Out: input of the programs {@code iptables-restore} and {@code
 * ip6tables-restore}, and what {@code iptables-save} prints. These are the only programs that Fyr starts, and only for Services in mode
 * iptables (docs/design/services.md says why). No text may reach a shell.
 */
@NullMarked
package fyr.kernel.linux.iptables;

import org.jspecify.annotations.NullMarked;
