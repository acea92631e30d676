package fyr.kernel.iptables;

import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code iptables-save} printed.
 *
 * @param ours everything of Fyr's
 * @param taken tables in which another program has chains of the same names
 * @param hinted whether the kubelet left the chain there that tells others to use this variant of iptables
 * @param rules how many rules there are, whoever's
 */
public record SavedTables(SortedMap<XtKey, XtEntry> ours, Set<XtTable> taken, boolean hinted, int rules) {

    /** KUBE-IPTABLES-HINT is for others; older kubelets have only the other one (kubernetes-sigs/iptables-wrappers). */
    private static final Set<String> HINTS = Set.of("KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY");

    /** Reads the whole text. Lines that cannot be understood are passed over. */
    public static SavedTables parse(Family family, String text) {
        Reader reader = new Reader(family);
        text.lines().forEach(reader::line);
        reader.endTable();
        return new SavedTables(reader.ours, Set.copyOf(reader.taken), reader.hinted, reader.rules);
    }

    private static final class Reader {
        private final Family family;
        private final SortedMap<XtKey, XtEntry> ours = new TreeMap<>();
        private final Set<XtTable> taken = EnumSet.noneOf(XtTable.class);
        private final Set<String> chains = new HashSet<>();
        private final Map<XtKey.ChainKey, List<XtRule>> contents = new TreeMap<>();
        private Optional<XtTable> table = Optional.empty();
        private boolean hinted;
        private int rules;

        Reader(Family family) {
            this.family = family;
        }

        void line(String line) {
            if (line.startsWith("*")) {
                endTable();
                table = XtTable.of(line.substring(1));
            } else if (line.startsWith(":")) {
                chain(line.substring(1, line.indexOf(' ') < 0 ? line.length() : line.indexOf(' ')));
            } else if (line.startsWith("-A ")) {
                rules++;
                int end = line.indexOf(' ', 3);
                if (end > 0) {
                    table.ifPresent(in -> rule(in, line.substring(3, end), line.substring(end + 1)));
                }
            }
        }

        private void chain(String name) {
            hinted |= HINTS.contains(name);
            chains.add(name);
        }

        /** The program prints all chains of a table before its rules. */
        private void rule(XtTable in, String chain, String text) {
            if (!chains.contains(OurChains.MARKER)) {
                return;
            }
            if (OurChains.has(in, chain)) {
                contents.computeIfAbsent(new XtKey.ChainKey(family, in, chain), _ -> new ArrayList<>())
                        .add(SavedRule.parse(text));
            } else if (text.contains("-j KUBE-")) {
                XtRule rule = SavedRule.parse(text);
                if (rule.target() instanceof XtTarget.Jump(String to) && OurChains.has(in, to)) {
                    ours.merge(new XtKey.JumpKey(family, in, chain, rule), XtEntry.Jump.ONCE, (old, _) -> oneMore(old));
                }
            }
        }

        private static XtEntry oneMore(XtEntry entry) {
            return entry instanceof XtEntry.Jump(int copies) ? new XtEntry.Jump(copies + 1) : entry;
        }

        void endTable() {
            table.ifPresent(in -> {
                if (chains.contains(OurChains.MARKER)) {
                    for (String chain : chains) {
                        XtKey.ChainKey key = new XtKey.ChainKey(family, in, chain);
                        if (OurChains.has(in, chain)) {
                            ours.put(key, new XtEntry.Chain(contents.getOrDefault(key, List.of())));
                        }
                    }
                } else if (chains.contains(OurChains.SERVICES)) {
                    taken.add(in);
                }
            });
            table = Optional.empty();
            chains.clear();
            contents.clear();
        }
    }
}
