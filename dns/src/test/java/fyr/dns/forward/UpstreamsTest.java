package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Which server is asked first, and which one is tried again. */
class UpstreamsTest {

    private static final InetSocketAddress FIRST = new InetSocketAddress("192.0.2.1", 53);
    private static final InetSocketAddress SECOND = new InetSocketAddress("2001:db8::2", 53);
    private static final InetSocketAddress THIRD = new InetSocketAddress("192.0.2.3", 53);

    private final SetClock clock = new SetClock();
    private final Upstreams upstreams = new Upstreams(List.of(FIRST, SECOND, FIRST, THIRD), clock);

    @Test
    void theOrderIsTheGivenOneAndEachServerIsInItOnce() {
        assertThat(upstreams.order()).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void whoeverKeptSilentComesLastUntilItAnswers() {
        upstreams.silent(FIRST, System.nanoTime());
        upstreams.silent(SECOND, System.nanoTime());
        assertThat(upstreams.order()).containsExactly(THIRD, FIRST, SECOND);
        upstreams.answered(SECOND);
        assertThat(upstreams.order()).containsExactly(SECOND, THIRD, FIRST);
    }

    @Test
    void whoeverAnsweredAnotherQuestionSinceIsNotSilent() {
        long earlier = System.nanoTime() - 1_000_000;
        upstreams.answered(FIRST);
        upstreams.silent(FIRST, earlier);
        assertThat(upstreams.order()).startsWith(FIRST);
        upstreams.silent(FIRST, System.nanoTime() + 1_000_000);
        assertThat(upstreams.order()).as("its answer was before").endsWith(FIRST);
    }

    @Test
    void aSilentServerIsTriedOnceForEachRest() {
        assertThat(upstreams.rested()).as("none was silent").isEmpty();
        upstreams.silent(FIRST, System.nanoTime());
        clock.pass(Upstreams.REST.minusMillis(1));
        assertThat(upstreams.rested()).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(upstreams.rested()).contains(FIRST);
        assertThat(upstreams.rested()).as("another caller").isEmpty();
        clock.pass(Upstreams.REST);
        assertThat(upstreams.rested()).contains(FIRST);
        clock.pass(Upstreams.REST);
        upstreams.answered(FIRST);
        assertThat(upstreams.rested()).as("it answers again").isEmpty();
    }

    /** Otherwise a clock that was a year ahead would keep the server in the last place for a year. */
    @Test
    void aClockThatIsSetBackEndsTheRest() {
        upstreams.silent(FIRST, System.nanoTime());
        clock.pass(Duration.ofDays(-365));
        assertThat(upstreams.rested()).contains(FIRST);
        assertThat(upstreams.rested()).isEmpty();
    }

    @Test
    void ofManyCallersAtOnceOneIsToldToTryTheServer() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            upstreams.silent(FIRST, System.nanoTime());
            for (int round = 0; round < 500; round++) {
                clock.pass(Upstreams.REST);
                CyclicBarrier start = new CyclicBarrier(8);
                List<Callable<Boolean>> callers = Collections.nCopies(8, () -> {
                    start.await();
                    return upstreams.rested().isPresent();
                });
                int told = 0;
                for (Future<Boolean> one : threads.invokeAll(callers)) {
                    told += one.get() ? 1 : 0;
                }
                assertThat(told).as("round %d", round).isEqualTo(1);
            }
        }
    }
}
