package fyr.kernel.iptables;

import java.util.Locale;
import java.util.Optional;

/** The tables of iptables that Fyr has chains in. */
public enum XtTable {
    /** Accepts, refuses and drops packets. */
    FILTER,
    /** Translates addresses of first packets. */
    NAT;

    /** Its name in commands. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The table of this name, if it is one of these. */
    static Optional<XtTable> of(String word) {
        for (XtTable table : values()) {
            if (table.word().equals(word)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }
}
