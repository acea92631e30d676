package fyr.agent.announce;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.announce.Heartbeat.Claim;
import fyr.agent.announce.Heartbeat.Claims;
import fyr.agent.announce.Heartbeat.Grants;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private static final IpAddress FOUR = IpAddress.parse("192.0.2.7");
    private static final IpAddress SIX = IpAddress.parse("2001:db8::7");

    @Test
    void whatIsWrittenIsRead() {
        Heartbeat claims = new Claims(-1, Long.MIN_VALUE, List.of(new Claim(FOUR, true), new Claim(SIX, false)));
        Heartbeat grants = new Grants(7, 9, List.of(SIX, FOUR));
        assertThat(Heartbeat.read(claims.bytes())).contains(claims);
        assertThat(Heartbeat.read(grants.bytes())).contains(grants);
    }

    @Test
    void theLargestFitsIntoADatagramThatNoNetworkDivides() {
        List<Claim> most = new ArrayList<>();
        for (int i = 0; i < Heartbeat.ADDRESSES_MAX; i++) {
            most.add(new Claim(SIX.plus(i), true));
        }
        assertThat(new Claims(1, 1, most).bytes().length).isLessThanOrEqualTo(1280 - 48);
    }

    @Test
    void bytesOfAnyKindAreReadWithoutHarm() {
        Random random = new Random(3);
        byte[] good = new Claims(1, 2, List.of(new Claim(FOUR, true), new Claim(SIX, false))).bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 30));
            if (bad.length > 0) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            Heartbeat.read(bad).ifPresent(read -> assertThat(read.bytes()).hasSizeLessThanOrEqualTo(bad.length));
        }
        assertThat(Heartbeat.read(new byte[65_507])).isEmpty();
        byte[] many = Arrays.copyOf(good, 24 + 5 * (Heartbeat.ADDRESSES_MAX + 1));
        for (int at = 24; at < many.length; at += 5) {
            many[at] = 4;
        }
        assertThat(Heartbeat.read(many)).isEmpty();
    }
}
