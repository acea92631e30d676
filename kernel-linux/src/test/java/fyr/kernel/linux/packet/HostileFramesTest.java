package fyr.kernel.linux.packet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.MacAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileFramesTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final byte[] REQUEST = ArpFrame.request(
                    MAC, Ipv4Address.parse("192.0.2.1"), Ipv4Address.parse("192.0.2.7"))
            .bytes();
    private static final byte[] SOLICITATION = NeighbourFrame.solicitation(
                    MAC, Ipv6Address.parse("2001:db8::1"), Ipv6Address.parse("2001:db8::7"))
            .bytes();

    @Test
    void framesAreReadAsTheyWereWritten() {
        ArpFrame request = ArpFrame.read(REQUEST).orElseThrow();
        assertThat(request.target()).hasToString("192.0.2.7");
        assertThat(ArpFrame.read(request.answer(MAC).bytes())).contains(request.answer(MAC));
        NeighbourFrame question = NeighbourFrame.read(SOLICITATION).orElseThrow();
        assertThat(question.target()).hasToString("2001:db8::7");
        assertThat(NeighbourFrame.read(question.answer(MAC).bytes())).contains(question.answer(MAC));
    }

    @Test
    void aFrameWithAWrongChecksumIsNotRead() {
        for (int at = 22; at < SOLICITATION.length; at++) {
            byte[] bad = SOLICITATION.clone();
            bad[at] ^= 1;
            assertThat(NeighbourFrame.read(bad)).as("byte %d", at).isEmpty();
        }
    }

    @Test
    void bytesOfAnyKindAreReadWithoutHarm() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            byte[] arp = spoilt(REQUEST, random);
            ArpFrame.read(arp)
                    .ifPresent(read -> assertThat(read.answer(MAC).bytes()).hasSize(42));
            byte[] neighbour = spoilt(SOLICITATION, random);
            NeighbourFrame.read(neighbour)
                    .ifPresent(read -> assertThat(read.answer(MAC).bytes()).hasSize(86));
        }
    }

    private static byte[] spoilt(byte[] good, Random random) {
        byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 40));
        for (int i = random.nextInt(4); i > 0 && bad.length > 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        return bad;
    }
}
