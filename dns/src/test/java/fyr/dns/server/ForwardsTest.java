package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.server.Forwards.Turn;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForwardsTest {

    private static final long SECOND = 1_000_000_000L;

    private long now = -5 * SECOND; // System.nanoTime may be negative, and wrap
    private final Forwards forwards = new Forwards(new Forwards.Limits(64, 8, 100), () -> now);

    private static InetAddress client(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    }

    private int taken(InetAddress client, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            if (forwards.tryAcquire(client) == Turn.TAKEN) {
                taken++;
                forwards.release(client);
            }
        }
        return taken;
    }

    @Test
    void oneClientHasItsRateAndMayHaveSavedUpASecondOfIt() throws Exception {
        assertThat(taken(client(1), 1000)).isEqualTo(100);
        assertThat(taken(client(2), 1000)).as("another one").isEqualTo(100);
        now += SECOND / 10;
        assertThat(taken(client(1), 1000)).isEqualTo(10);
        now += 60 * SECOND;
        assertThat(taken(client(1), 1000)).isEqualTo(100);
    }

    @Test
    void whoeverAsksSteadilyWithinItsRateIsNeverRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            now += SECOND / 100 + random.nextLong(SECOND / 1000);
            assertThat(taken(client(1), 1)).isEqualTo(1);
        }
    }

    @Test
    void soManyAtTheSameTime() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(forwards.tryAcquire(client(1))).isEqualTo(Turn.TAKEN);
        }
        assertThat(forwards.tryAcquire(client(1))).isEqualTo(Turn.SHARE_SPENT);
        for (int i = 8; i < 64; i++) {
            assertThat(forwards.tryAcquire(client(i / 8 + 1))).isEqualTo(Turn.TAKEN);
        }
        assertThat(forwards.tryAcquire(client(99))).isEqualTo(Turn.ALL_BUSY);
        forwards.release(client(1));
        assertThat(forwards.tryAcquire(client(99))).isEqualTo(Turn.TAKEN);
    }

    /** As with forged addresses: those that wait for nothing are forgotten, and there is an end to those that do. */
    @Test
    void clientsAreBounded() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            taken(client(i), 1);
            assertThat(forwards.clients()).isLessThanOrEqualTo(4096);
        }
        now += 2 * SECOND;
        assertThat(taken(client(30_000), 1)).isEqualTo(1);
        assertThat(forwards.clients()).isEqualTo(1);
        assertThat(forwards.pending()).isZero();
    }

    /** Others used everything up: that is no query of this client in progress. */
    @Test
    void whoeverFoundAllBusyHasItsWholeShareLater() throws Exception {
        for (int i = 0; i < 64; i++) {
            assertThat(forwards.tryAcquire(client(i / 8))).isEqualTo(Turn.TAKEN);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(forwards.tryAcquire(client(99))).isEqualTo(Turn.ALL_BUSY);
        }
        for (int i = 0; i < 64; i++) {
            forwards.release(client(i / 8));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(forwards.tryAcquire(client(99))).isEqualTo(Turn.TAKEN);
        }
        assertThat(forwards.pending()).isEqualTo(8);
    }

    @Test
    void besideAsManyClientsAsAreRememberedOnlyTheyAreServed() throws Exception {
        for (int i = 0; i < 4096; i++) {
            assertThat(taken(client(i), 1)).isEqualTo(1);
        }
        assertThat(forwards.tryAcquire(client(4096))).isEqualTo(Turn.ALL_BUSY);
        assertThat(forwards.tryAcquire(client(1))).isEqualTo(Turn.TAKEN);
        now += SECOND;
        assertThat(forwards.tryAcquire(client(4096))).isEqualTo(Turn.TAKEN);
        assertThat(forwards.clients()).as("who has a query in progress is kept").isEqualTo(2);
    }
}
