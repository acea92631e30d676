package fyr.kernel.iptables;

import fyr.model.Protocol;
import fyr.model.address.Prefix;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One condition of a rule. All conditions of a rule must hold. The kernel asks them in the order in which they stand here, which matters
 * for {@link Remember} alone: it has an effect, so it comes last.
 */
public sealed interface XtMatch {

    /** {@code -s}. */
    record Source(Prefix prefix, boolean inverted) implements XtMatch {}

    /** {@code -d}. */
    record Destination(Prefix prefix, boolean inverted) implements XtMatch {}

    /** {@code -i}: the link that the packet arrived on; a name that ends with {@code +} is the beginning of one. */
    record InputLink(String name, boolean inverted) implements XtMatch {}

    /** {@code -p}. */
    record OfProtocol(Protocol protocol) implements XtMatch {}

    /** {@code --dport}; the rule says the protocol as well. */
    record DestinationPort(int port) implements XtMatch {}

    /** {@code -m addrtype --src-type LOCAL}: the source is an address of the node. */
    record SourceIsLocal(boolean inverted) implements XtMatch {}

    /** {@code -m addrtype --dst-type LOCAL}: the destination is an address of the node. */
    record DestinationIsLocal() implements XtMatch {}

    /** {@code -m conntrack --ctstate}. */
    record ConnectionState(SortedSet<String> states) implements XtMatch {
        public ConnectionState {
            states = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(states));
        }
    }

    /** {@code -m mark --mark}. */
    record Mark(int value, int mask, boolean inverted) implements XtMatch {}

    /**
     * {@code -m statistic --mode random --probability}.
     *
     * @param share in units of 2^-31, as the kernel counts (net/netfilter/xt_statistic.c)
     */
    record Chance(int share) implements XtMatch {

        private static final double WHOLE = 1L << 31;

        /** One of so many cases, at least two, rounded as kube-proxy does: to ten digits and then as iptables does. */
        public static Chance oneIn(int cases) {
            return new Chance((int) Math.round(WHOLE * (Math.round(1e10 / cases) / 1e10)));
        }

        /** As a number from 0 to 1. */
        public double probability() {
            return share / WHOLE;
        }
    }

    /** {@code -m recent --rcheck --seconds --reap}: the source is in the list and was put there not longer ago. */
    record Remembered(String list, long seconds) implements XtMatch {}

    /** {@code -m recent --set}: puts the source into the list. */
    record Remember(String list) implements XtMatch {}
}
