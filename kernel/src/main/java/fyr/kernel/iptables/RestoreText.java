package fyr.kernel.iptables;

import fyr.kernel.Delta;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * A change as {@code iptables-restore --noflush} reads it: only chains that change are mentioned. Each table is one transaction, so nobody
 * sees a chain that is half written, and a program that is killed has changed a table wholly or not at all.
 */
public final class RestoreText {

    private final StringBuilder text = new StringBuilder();
    private final ToIntFunction<XtKey.JumpKey> existing;

    private RestoreText(ToIntFunction<XtKey.JumpKey> existing) {
        this.existing = existing;
    }

    /** The text that makes everything from nothing. */
    public static String of(Family family, SortedMap<XtKey, XtEntry> entries) {
        return of(family, new Delta<>(entries, new TreeSet<>()), _ -> 0);
    }

    /**
     * The part of a change for one family; empty if there is none.
     *
     * @param existing how often a jump exists
     */
    public static String of(Family family, Delta<XtKey, XtEntry> delta, ToIntFunction<XtKey.JumpKey> existing) {
        RestoreText all = new RestoreText(existing);
        for (XtTable table : XtTable.values()) {
            all.table(
                    table,
                    delta.upserts().entrySet().stream()
                            .filter(entry -> isIn(entry.getKey(), family, table))
                            .toList(),
                    delta.deletes().stream()
                            .filter(key -> isIn(key, family, table))
                            .toList());
        }
        return all.text.toString();
    }

    /**
     * The text that puts rules into a chain that no packet comes to, so that the kernel says whether it takes them. A jump is tried as a
     * return: its chain may not exist yet.
     */
    public static String trial(XtTable table, Collection<XtRule> rules) {
        RestoreText all = new RestoreText(_ -> 0);
        all.line("*" + table.word());
        all.line(":" + OurChains.TRIAL + " - [0:0]");
        rules.forEach(rule -> all.line("-A " + OurChains.TRIAL + " " + XtText.of(withoutJump(rule))));
        all.line("COMMIT");
        return all.text.toString();
    }

    private static XtRule withoutJump(XtRule rule) {
        return rule.target() instanceof XtTarget.Jump
                ? new XtRule(rule.comment(), rule.matches(), new XtTarget.Return())
                : rule;
    }

    /** The text that removes the chain of trials. */
    public static String endOfTrials(XtTable table) {
        return "*" + table.word() + "\n:" + OurChains.TRIAL + " - [0:0]\n-X " + OurChains.TRIAL + "\nCOMMIT\n";
    }

    private static boolean isIn(XtKey key, Family family, XtTable table) {
        return key.family() == family && key.table() == table;
    }

    private void table(XtTable table, List<Map.Entry<XtKey, XtEntry>> upserts, List<XtKey> deletes) {
        if (upserts.isEmpty() && deletes.isEmpty()) {
            return;
        }
        line("*" + table.word());
        upserts.forEach(entry -> flush(entry.getKey()));
        deletes.forEach(this::flush);
        List<XtKey.JumpKey> jumps = new ArrayList<>();
        upserts.forEach(entry -> {
            if (entry.getKey() instanceof XtKey.JumpKey jump) {
                jumps.add(jump);
            }
        });
        jumps.forEach(this::removeJump);
        deletes.forEach(key -> {
            if (key instanceof XtKey.JumpKey jump) {
                removeJump(jump);
            }
        });
        jumps.stream()
                .sorted(Comparator.comparingInt(jump -> OurChains.order(jump.rule())))
                .forEach(jump -> line("-I " + jump.chain() + " 1 " + XtText.of(jump.rule())));
        upserts.forEach(entry -> fill(entry.getKey(), entry.getValue()));
        deletes.forEach(key -> {
            if (key instanceof XtKey.ChainKey) {
                line("-X " + key.chain());
            }
        });
        line("COMMIT");
    }

    /** Makes the chain if there is none. */
    private void flush(XtKey key) {
        if (key instanceof XtKey.ChainKey) {
            line(":" + key.chain() + " - [0:0]");
        }
    }

    private void removeJump(XtKey.JumpKey jump) {
        for (int copy = existing.applyAsInt(jump); copy > 0; copy--) {
            line("-D " + jump.chain() + " " + XtText.of(jump.rule()));
        }
    }

    private void fill(XtKey key, XtEntry entry) {
        if (entry instanceof XtEntry.Chain(List<XtRule> rules)) {
            rules.forEach(rule -> line("-A " + key.chain() + " " + XtText.of(rule)));
        }
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
