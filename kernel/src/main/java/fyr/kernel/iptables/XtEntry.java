package fyr.kernel.iptables;

import java.util.List;

/** What iptables holds for a key. */
public sealed interface XtEntry {

    /** A chain with these rules. */
    record Chain(List<XtRule> rules) implements XtEntry {
        public Chain {
            rules = List.copyOf(rules);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            rules.forEach(rule -> text.append("\n    ").append(XtText.of(rule)));
            return text.toString();
        }
    }

    /**
     * A rule that exists so often in its chain: plans say once, and whoever adds it again makes it differ.
     *
     * @param copies at least one
     */
    record Jump(int copies) implements XtEntry {

        /** What plans say. */
        public static final Jump ONCE = new Jump(1);

        @Override
        public String toString() {
            return copies == 1 ? "" : copies + " times";
        }
    }
}
