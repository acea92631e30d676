package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TwoSessionsTest {

    @Test
    void bothAreEstablishedAndAgree() {
        int collisions = 0;
        for (long seed = 0; seed < 3000; seed++) {
            Pair pair = new Pair(new Random(seed));
            if (pair.one.settings.passive() && pair.two.settings.passive()) {
                continue;
            }
            try {
                pair.run();
                pair.check();
                for (int i = 0; i < 3; i++) {
                    pair.disrupt();
                    pair.check();
                }
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            collisions += pair.one.actions.stream().anyMatch(SessionAction.Failed.class::isInstance) ? 1 : 0;
        }
        assertThat(collisions).isGreaterThan(100);
    }

    @Test
    void sessionsStayUp() {
        for (long seed = 0; seed < 30; seed++) {
            Pair pair = new Pair(new Random(seed));
            if (!pair.one.settings.passive() || !pair.two.settings.passive()) {
                pair.run();
                long downs = downs(pair);
                pair.live(3_600_000);
                pair.check();
                assertThat(downs(pair)).as("seed %d", seed).isEqualTo(downs);
            }
        }
    }

    private static long downs(Pair pair) {
        return Stream.of(pair.one, pair.two)
                .flatMap(driver -> driver.actions.stream())
                .filter(SessionAction.Down.class::isInstance)
                .count();
    }
}
