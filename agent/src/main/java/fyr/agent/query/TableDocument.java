package fyr.agent.query;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.TableLook;
import fyr.kernel.text.PlanText;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a table holds, as read from the kernel, and how it differs from the plan. Of a table that is too large to be read at once only the
 * differences are read, so that a query takes no more memory than the loop's own looks.
 */
record TableDocument<K extends Comparable<? super K>, V>(KernelTable<K, V> table, PersistentMap<K, V> planned) {

    private static final int LARGE = 10_000;
    private static final long WITHOUT_PAUSE = 1_000_000;

    ObjectNode document() {
        ObjectNode document =
                QueryAnswer.object().put("table", table.id().name()).put("planned", planned.size());
        Optional<TableLook<K>> look = planned.size() < LARGE ? Optional.empty() : table.look(planned);
        if (look.isPresent()) {
            return document.put("differences", differences(look.get()));
        }
        SortedMap<K, V> actual = table.list();
        return document.put("entries", actual.size())
                .put("text", PlanText.table(table.id(), actual))
                .put("differences", difference(actual, planned.sorted()));
    }

    private String differences(TableLook<K> look) {
        SortedSet<K> doubtful = new TreeSet<>();
        boolean more = true;
        while (more && doubtful.size() < LARGE) {
            more = look.proceed(WITHOUT_PAUSE, doubtful::add);
        }
        return difference(table.read(doubtful), planned.sorted(doubtful::contains));
    }

    /** What the reconciler would do now. */
    private String difference(SortedMap<K, V> actual, SortedMap<K, V> wanted) {
        SortedMap<K, V> all = new TreeMap<>(actual);
        all.putAll(wanted);
        return PlanText.delta(table.id(), Delta.between(actual, PersistentMap.of(wanted)), planned.withAll(all));
    }
}
