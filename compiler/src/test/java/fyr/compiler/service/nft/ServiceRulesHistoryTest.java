package fyr.compiler.service.nft;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.ServiceHistory;
import fyr.compiler.service.ServiceTable;
import fyr.model.ClusterSnapshot;
import java.util.Random;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 1 for the rules: they follow from the table alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceRulesHistoryTest {

    private static final int STEPS = 600;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void everyHistoryLeadsToTheSameRules(long seed) {
        Random random = new Random(seed);
        ServiceHistory history = new ServiceHistory(seed);
        ServiceRules rules = ServiceRules.empty(ServiceHistory.NOTHING);
        for (int step = 0; step < STEPS; step++) {
            ClusterSnapshot snapshot = history.next();
            if (random.nextInt(3) > 0) {
                rules = rules.next(rules.table().next(snapshot));
                ServiceTable table = ServiceHistory.NOTHING.next(snapshot);
                ServiceRules fresh = ServiceRules.empty(table).next(table);
                assertThat(rules.objects().sorted())
                        .as("step " + step)
                        .isEqualTo(fresh.objects().sorted());
                assertThat(rules.shortfalls().sorted())
                        .as("step " + step)
                        .isEqualTo(fresh.shortfalls().sorted());
            }
        }
    }
}
