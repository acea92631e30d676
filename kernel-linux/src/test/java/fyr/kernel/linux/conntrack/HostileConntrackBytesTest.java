package fyr.kernel.linux.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.linux.conntrack.ConntrackMessages.Found;
import fyr.kernel.linux.netlink.MalformedMessage;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HostileConntrackBytesTest {

    private static MessageWriter tuple(MessageWriter out, int type) {
        return out.nested(
                type,
                tuple -> tuple.nested(
                                1, ip -> ip.bytes(1, new byte[] {10, 0, 0, 1}).bytes(2, new byte[] {10, 0, 0, 2}))
                        .nested(2, proto -> proto.u8(1, 17).be16(2, 5).be16(3, 53)));
    }

    private static byte[] entry() {
        MessageWriter message = MessageWriter.of(0x100, 0).put32(2);
        return tuple(tuple(message, 1), 2).be32(12, 99).toBytes();
    }

    @Test
    void readsAnEntry() {
        Found found = ConntrackMessages.read(Message.parse(entry()).getFirst()).orElseThrow();
        ConntrackEntry.Tuple tuple =
                new ConntrackEntry.Tuple(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"), 17, 5, 53);
        assertThat(found.entry()).isEqualTo(new ConntrackEntry(tuple, tuple, false));
        assertThat(found.family()).isEqualTo(Family.IPV4);
    }

    @Test
    void survivesAnything() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = entry();
            int changes = random.nextInt(1, 6);
            for (int i = 0; i < changes; i++) {
                bytes[random.nextInt(16, bytes.length)] = (byte) random.nextInt();
            }
            try {
                for (Message message : Message.parse(bytes)) {
                    Optional<Found> found = ConntrackMessages.read(message);
                    found.ifPresent(
                            entry -> assertThat(ConntrackMessages.delete(entry).toBytes())
                                    .isNotEmpty());
                }
            } catch (MalformedMessage expected) {
                continue;
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + round, unexpected);
            }
        }
    }
}
