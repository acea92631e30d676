package fyr.agent;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.TableId;
import fyr.kernel.reconciler.NodeReconciler;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The kernel's events since the loop last looked, each one once: a flood of events while the loop is busy takes no extra room. */
final class KernelNews {

    /** Above this number of entries of a table, the individual entries are not remembered. */
    private static final int ENTRIES_MAX = 20_000;

    private final Map<TableId<?, ?>, Entries<?>> entries = new LinkedHashMap<>();
    private final Set<Subject> changed = new HashSet<>();
    private final Set<String> podLinksDown = new TreeSet<>();
    private boolean overrun;

    /** Changed entries of one table. */
    private record Entries<K extends Comparable<? super K>>(TableId<K, ?> table, Set<K> keys) {

        static <K extends Comparable<? super K>> Entries<K> of(TableId<K, ?> table) {
            return new Entries<>(table, new HashSet<>());
        }

        void note(NodeReconciler reconciler) {
            reconciler.note(table, keys);
        }
    }

    void add(KernelEvent event) {
        switch (event) {
            case KernelEvent.Changed(Subject subject, var _, var _) -> changed.add(subject);
            case KernelEvent.PodLinkDown(String link) -> podLinksDown.add(link);
            case KernelEvent.EntriesChanged<?> some -> addEntries(some);
            case KernelEvent.Overrun _ -> overrun = true;
        }
    }

    private <K extends Comparable<? super K>> void addEntries(KernelEvent.EntriesChanged<K> event) {
        @SuppressWarnings("unchecked") // entries have the types of their table
        Entries<K> of = (Entries<K>) entries.computeIfAbsent(event.table(), _ -> Entries.of(event.table()));
        of.keys().addAll(event.keys());
        if (of.keys().size() > ENTRIES_MAX) {
            entries.remove(event.table());
            changed.addAll(event.table().doubtfulAfter());
        }
    }

    boolean isEmpty() {
        return changed.isEmpty() && entries.isEmpty() && podLinksDown.isEmpty() && !overrun;
    }

    /** Tells the reconciler what is in doubt now. */
    void note(NodeReconciler reconciler) {
        reconciler.note(changed);
        entries.values().forEach(some -> some.note(reconciler));
    }

    /** What may have changed. */
    Set<Subject> changed() {
        return changed;
    }

    /** The nodes' ends of pods' links that went down. */
    Set<String> podLinksDown() {
        return podLinksDown;
    }

    /** Whether events were lost, so that anything may have changed. */
    boolean overrun() {
        return overrun;
    }

    /** Whether the node's connection to the network may have changed. */
    boolean concernsUplink() {
        return overrun || changed.contains(Subject.LINK) || changed.contains(Subject.ADDRESS);
    }
}
