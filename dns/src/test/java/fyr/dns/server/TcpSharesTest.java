package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class TcpSharesTest {

    private static final long SECOND = 1_000_000_000L;

    private long now = -5 * SECOND; // System.nanoTime may be negative, and wrap
    private final TcpShares shares = new TcpShares(100, 10);

    private static InetAddress client(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
    }

    private int taken(InetAddress client) {
        int taken = 0;
        while (shares.take(client, now) == 0) {
            taken++;
        }
        return taken;
    }

    @Test
    void oneClientHasItsRateAndItsBurst() throws Exception {
        assertThat(taken(client(1))).isEqualTo(10);
        assertThat(taken(client(2))).as("another one").isEqualTo(10);
        now += SECOND / 20;
        assertThat(taken(client(1))).isEqualTo(5);
        now += 60 * SECOND;
        assertThat(taken(client(1))).isEqualTo(10);
    }

    @Test
    void whoeverHasSpentItsShareIsToldWhenThereIsMore() throws Exception {
        taken(client(1));
        long wait = shares.take(client(1), now);
        assertThat(wait).isPositive();
        assertThat(shares.take(client(1), now + wait - 1)).isPositive();
        assertThat(shares.take(client(1), now + wait)).isZero();
    }

    @Test
    void whoeverAsksNothingIsForgotten() throws Exception {
        taken(client(1));
        now += SECOND / 20;
        taken(client(2));
        now += SECOND / 20;
        shares.forget(now);
        assertThat(shares.clients()).isEqualTo(1);
        now += SECOND;
        shares.forget(now);
        assertThat(shares.clients()).isZero();
    }
}
