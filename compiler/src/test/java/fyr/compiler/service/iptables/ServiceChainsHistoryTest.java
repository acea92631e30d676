package fyr.compiler.service.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.ServiceHistory;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtTarget;
import fyr.model.ClusterSnapshot;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 1 for the chains: they follow from the table alone. And no rule leads to a chain that does not exist. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceChainsHistoryTest {

    private static final int STEPS = 400;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24})
    void everyHistoryLeadsToTheSameChains(long seed) {
        Random random = new Random(seed);
        ServiceHistory history = new ServiceHistory(seed);
        ServiceChains chains = ServiceChains.empty(ServiceHistory.NOTHING);
        for (int step = 0; step < STEPS; step++) {
            ClusterSnapshot snapshot = history.next();
            if (random.nextInt(3) > 0) {
                chains = chains.next(chains.table().next(snapshot));
                ServiceTable table = ServiceHistory.NOTHING.next(snapshot);
                ServiceChains fresh = ServiceChains.empty(table).next(table);
                assertThat(chains.kernel()).as("step " + step).isEqualTo(fresh.kernel());
                assertThat(chains.shared()).as("step " + step).isEqualTo(fresh.shared());
                assertClosed(chains.chains().sorted());
            }
        }
    }

    private static void assertClosed(Map<XtKey, XtEntry> entries) {
        Set<String> exist = entries.keySet().stream()
                .filter(XtKey.ChainKey.class::isInstance)
                .map(key -> key.family() + " " + key.table() + " " + key.chain())
                .collect(Collectors.toSet());
        entries.forEach((key, entry) -> {
            if (entry instanceof XtEntry.Chain(var rules)) {
                rules.forEach(rule -> {
                    if (rule.target() instanceof XtTarget.Jump(String to)) {
                        assertThat(exist).contains(key.family() + " " + key.table() + " " + to);
                    }
                });
            }
        });
    }
}
