package fyr.kernel.linux.iptables;

import fyr.kernel.Delta;
import fyr.kernel.iptables.RestoreText;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the rules of a refused change that the kernel does not take: iptables-restore makes a change wholly or not at all, and one rule that
 * needs a module which the machine lacks must not keep all others away. Rules are tried in a chain that no packet comes to.
 */
final class Trials {

    /** So many of one kind of rules; then all of the kind that are left count as refused. */
    private static final int MOST = 40;

    private final Program restore;
    private final Family family;
    private final String patience;
    private int left;

    Trials(Program restore, Family family, String patience) {
        this.restore = restore;
        this.family = family;
        this.patience = patience;
    }

    /** The rules that are refused whatever else there is; empty if the change is refused for another reason. */
    Map<XtTable, Set<XtRule>> refused(Delta<XtKey, XtEntry> delta) {
        Map<XtTable, Set<XtRule>> refused = new TreeMap<>();
        for (XtTable table : XtTable.values()) {
            Set<XtRule> ofTable = new LinkedHashSet<>();
            kinds(delta, table).values().forEach(rules -> {
                left = MOST;
                refused(table, List.copyOf(rules), ofTable);
            });
            if (!ofTable.isEmpty()) {
                refused.put(table, ofTable);
            }
            restore.run(RestoreText.endOfTrials(table), "--noflush", "-w", patience);
        }
        return refused;
    }

    /** Rules of one kind need the same modules, so mostly all or none of them are refused. */
    private Map<List<Class<?>>, Set<XtRule>> kinds(Delta<XtKey, XtEntry> delta, XtTable table) {
        Map<List<Class<?>>, Set<XtRule>> kinds = new LinkedHashMap<>();
        delta.upserts().forEach((key, entry) -> {
            if (key.family() == family && key.table() == table) {
                rules(key, entry)
                        .forEach(rule -> kinds.computeIfAbsent(kind(rule), _ -> new LinkedHashSet<>())
                                .add(rule));
            }
        });
        return kinds;
    }

    private static List<XtRule> rules(XtKey key, XtEntry entry) {
        return switch (key) {
            case XtKey.JumpKey jump -> List.of(jump.rule());
            case XtKey.ChainKey _ -> entry instanceof XtEntry.Chain(List<XtRule> rules) ? rules : List.of();
        };
    }

    private static List<Class<?>> kind(XtRule rule) {
        List<Class<?>> kind = new ArrayList<>();
        rule.matches().forEach(match -> kind.add(match.getClass()));
        kind.add(rule.target().getClass());
        return kind;
    }

    private void refused(XtTable table, List<XtRule> rules, Set<XtRule> refused) {
        if (takes(table, rules)) {
            return;
        }
        if (rules.size() == 1 || left <= 0) {
            refused.addAll(rules);
            return;
        }
        refused(table, rules.subList(0, rules.size() / 2), refused);
        refused(table, rules.subList(rules.size() / 2, rules.size()), refused);
    }

    private boolean takes(XtTable table, Collection<XtRule> rules) {
        left--;
        return restore.run(RestoreText.trial(table, rules), "--noflush", "-w", patience)
                        .code()
                == 0;
    }

    /** The change without these rules. */
    static Delta<XtKey, XtEntry> without(
            Map<XtTable, Set<XtRule>> refused, Family family, Delta<XtKey, XtEntry> delta) {
        SortedMap<XtKey, XtEntry> upserts = new TreeMap<>();
        delta.upserts().forEach((key, entry) -> {
            Set<XtRule> without = key.family() == family ? refused.getOrDefault(key.table(), Set.of()) : Set.of();
            switch (key) {
                case XtKey.JumpKey jump -> {
                    if (!without.contains(jump.rule())) {
                        upserts.put(key, entry);
                    }
                }
                case XtKey.ChainKey _ ->
                    upserts.put(
                            key,
                            new XtEntry.Chain(rules(key, entry).stream()
                                    .filter(rule -> !without.contains(rule))
                                    .toList()));
            }
        });
        return new Delta<>(upserts, delta.replaced(), delta.deletes());
    }
}
