package fyr.kernel.linux.contract;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.TableId;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.testkit.contract.RandomChange;
import fyr.testkit.contract.RandomNetwork;
import fyr.testkit.contract.RandomPacketRules;
import fyr.testkit.contract.TestedFakeKernel;
import fyr.testkit.contract.TestedKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes of few, colliding keys: the fake kernel refuses what the real one refuses, for the same reason, and lists the same. */
@ExtendWith(NoLeaks.class)
final class HistoryKernelIT {

    private static final int STEPS = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void linksAndWhatIsOnThem(long seed) {
        assertSame(seed, RandomNetwork::change);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void packetRules(long seed) {
        assertSame(seed, RandomPacketRules::change);
    }

    private static void assertSame(long seed, Function<SplittableRandom, RandomChange<?, ?>> changes) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        try (TestedKernel real = new TestedLinuxKernel();
                TestedKernel fake = new TestedFakeKernel()) {
            for (int step = 0; step < STEPS; step++) {
                RandomChange<?, ?> change = changes.apply(random);
                history.add(change.toString());
                Optional<Errno> wanted = refusal(real, change);
                String story = "seed " + seed + ", step " + step + ", the latest changes: "
                        + String.join("\n", history.subList(Math.max(0, history.size() - 4), history.size()));
                assertThat(refusal(fake, change)).as(story).isEqualTo(wanted);
                for (TableId<?, ?> id : real.kernel().tables()) {
                    assertThat(new TreeMap<>(fake.kernel().table(id).list()))
                            .as(story)
                            .isEqualTo(real.kernel().table(id).list());
                }
            }
        }
    }

    private static Optional<Errno> refusal(TestedKernel kernel, RandomChange<?, ?> change) {
        try {
            change.apply(kernel.kernel());
            return Optional.empty();
        } catch (KernelException refused) {
            return Optional.of(refused.errno());
        }
    }
}
