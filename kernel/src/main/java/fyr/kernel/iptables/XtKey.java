package fyr.kernel.iptables;

import fyr.model.address.Family;
import java.util.Comparator;

/** What identifies something of ours in iptables. */
public sealed interface XtKey extends Comparable<XtKey> {

    /** {@code iptables} or {@code ip6tables}. */
    Family family();

    /** The table that it is in. */
    XtTable table();

    /** The chain that it is, or that it is in. */
    String chain();

    /** A chain that belongs to Fyr. */
    record ChainKey(Family family, XtTable table, String chain) implements XtKey {
        @Override
        public String toString() {
            return place(this);
        }
    }

    /** A rule in a chain of the kernel's own that leads to a chain of Fyr; the other rules there belong to others. */
    record JumpKey(Family family, XtTable table, String chain, XtRule rule) implements XtKey {
        @Override
        public String toString() {
            return place(this) + " " + XtText.of(rule);
        }
    }

    private static String place(XtKey key) {
        return key.family() + " " + key.table().word() + " " + key.chain();
    }

    @Override
    default int compareTo(XtKey other) {
        int byPlace = Order.BY_PLACE.compare(this, other);
        if (byPlace != 0) {
            return byPlace;
        }
        return switch (this) {
            case ChainKey _ -> other instanceof ChainKey ? 0 : -1;
            case JumpKey mine ->
                other instanceof JumpKey theirs ? XtText.of(mine.rule()).compareTo(XtText.of(theirs.rule())) : 1;
        };
    }

    /** The order of the places where things are. */
    final class Order {
        private static final Comparator<XtKey> BY_PLACE =
                Comparator.comparing(XtKey::family).thenComparing(XtKey::table).thenComparing(XtKey::chain);

        private Order() {}
    }
}
