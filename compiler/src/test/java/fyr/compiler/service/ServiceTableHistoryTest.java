package fyr.compiler.service;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks only for the rows of the services that changed has the same rows as whoever asks for all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceTableHistoryTest {

    /** What rows said in all histories. */
    private final Set<Class<?>> seen = new HashSet<>();

    @AfterAll
    void historiesComeToEverythingThatARowCanSay() {
        assertThat(seen)
                .contains(
                        Frontend.ClusterIp.class,
                        Frontend.NodePort.class,
                        Frontend.ExternalIp.class,
                        Frontend.LoadBalancerIp.class,
                        Delivery.Forward.class,
                        Delivery.Refuse.class,
                        Delivery.Drop.class,
                        Sources.Only.class);
    }

    private static final int STEPS = 1000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void servicesThatDidNotChangeKeepTheirRows(long seed) {
        ServiceHistory history = new ServiceHistory(seed);
        ServiceTable table = ServiceHistory.NOTHING;
        Map<NamespacedName, ServiceRows> kept = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            ClusterSnapshot snapshot = history.next();
            ServiceTable now = table.next(snapshot);
            for (NamespacedName name : now.changedSince(table)) {
                ServiceRows rows = now.rows(name);
                kept.put(name, rows);
                rows.rows().forEach(row -> {
                    seen.add(row.frontend().getClass());
                    seen.add(row.fromElsewhere().getClass());
                    seen.add(row.sources().getClass());
                });
            }
            kept.values().removeIf(ServiceRows.NONE::equals);
            assertThat(kept).as("step " + step).isEqualTo(all(ServiceHistory.NOTHING.next(snapshot)));
            table = now;
        }
    }

    private static Map<NamespacedName, ServiceRows> all(ServiceTable table) {
        return table.services().sorted().keySet().stream()
                .filter(name -> !table.rows(name).equals(ServiceRows.NONE))
                .collect(Collectors.toMap(name -> name, table::rows, (one, _) -> one, TreeMap::new));
    }
}
