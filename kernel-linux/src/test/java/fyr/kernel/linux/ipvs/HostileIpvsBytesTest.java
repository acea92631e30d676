package fyr.kernel.linux.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.netlink.MalformedMessage;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Messages of IPVS are read as they were written; arbitrary bytes give a value or a {@link MalformedMessage}, and nothing else. */
final class HostileIpvsBytesTest {

    private static final int ROUNDS = 60_000;
    private static final VirtualServerKey FOUR = new VirtualServerKey(Protocol.TCP, IpAddress.parse("10.96.0.10"), 80);
    private static final VirtualServerKey SIX =
            new VirtualServerKey(Protocol.UDP, IpAddress.parse("fd00:96::10"), 65_535);
    private static final VirtualServer.Balanced PLAIN = new VirtualServer.Balanced(Scheduler.MH, OptionalInt.empty());
    private static final VirtualServer.Balanced PERSISTENT =
            new VirtualServer.Balanced(Scheduler.WLC, OptionalInt.of(10_800));

    /** The kernel answers with the attributes that it is asked with. */
    private static byte[] server(VirtualServerKey key, VirtualServer.Balanced server) {
        return VirtualServerMessages.put(31, Ipvs.IPVS_CMD_NEW_SERVICE, key, server)
                .toBytes();
    }

    private static RealServerKey behind(VirtualServerKey server, String address) {
        return new RealServerKey(server, IpAddress.parse(address), 8080);
    }

    private static byte[] real(RealServerKey key, int weight) {
        return RealServerMessages.put(31, Ipvs.IPVS_CMD_NEW_DEST, key, weight).toBytes();
    }

    private static byte[] family() {
        return MessageWriter.of(Ipvs.GENL_ID_CTRL, 0)
                .put32(1)
                .string(Ipvs.CTRL_ATTR_FAMILY_NAME, "IPVS")
                .u16(Ipvs.CTRL_ATTR_FAMILY_ID, 36)
                .toBytes();
    }

    @Test
    void virtualServersAreReadAsTheyWereWritten() {
        for (VirtualServerKey key : List.of(FOUR, SIX)) {
            for (VirtualServer.Balanced server : List.of(PLAIN, PERSISTENT)) {
                Message message = Message.parse(server(key, server)).getFirst();
                assertThat(VirtualServerMessages.read(message))
                        .contains(new VirtualServerMessages.Found(key, true, server));
            }
        }
    }

    @Test
    void realServersAreReadAsTheyWereWritten() {
        for (RealServerKey key : List.of(behind(FOUR, "10.244.1.2"), behind(SIX, "fd00:244::2"))) {
            assertThat(RealServerMessages.read(
                            key.server(), Message.parse(real(key, 3)).getFirst()))
                    .contains(new RealServerMessages.Found(key, Optional.of(new RealServer.Masqueraded(3)), 0));
            assertThat(RealServerMessages.read(
                            key.server(), Message.parse(real(key, 0)).getFirst()))
                    .contains(new RealServerMessages.Found(key, Optional.empty(), 0));
            assertThat(RealServerMessages.read(
                                    key.server(), Message.parse(real(key, -5)).getFirst())
                            .flatMap(RealServerMessages.Found::server))
                    .contains(new RealServer.Foreign("forwarding method 0 weight -5"));
        }
    }

    @Test
    void timeoutsAreReadAsTheyWereWritten() {
        for (IpvsTimeout timeout : IpvsTimeout.values()) {
            assertThat(IpvsTimeoutTable.read(Message.parse(timeout(timeout)).getFirst()))
                    .isEqualTo(Map.of(timeout, 900));
        }
    }

    private static byte[] timeout(IpvsTimeout timeout) {
        return IpvsTimeoutTable.put(31, timeout, 900).toBytes();
    }

    @Test
    void theFamilyIsFoundByItsName() {
        assertThat(IpvsFamily.read(Message.parse(family()).getFirst())).contains(36);
    }

    @Test
    void survivesVirtualServers() {
        survives(List.of(server(FOUR, PLAIN), server(SIX, PERSISTENT)), VirtualServerMessages::read);
    }

    @Test
    void survivesRealServers() {
        survives(
                List.of(real(behind(FOUR, "10.244.1.2"), 1), real(behind(SIX, "fd00:244::2"), 1)),
                message -> RealServerMessages.read(SIX, message));
    }

    @Test
    void survivesTimeouts() {
        survives(List.of(timeout(IpvsTimeout.TCP), timeout(IpvsTimeout.UDP)), IpvsTimeoutTable::read);
    }

    @Test
    void survivesFamilies() {
        survives(List.of(family()), IpvsFamily::read);
    }

    private static void survives(List<byte[]> messages, Consumer<Message> reader) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = messages.get(random.nextInt(messages.size())).clone();
            int changes = random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                int value = random.nextBoolean() ? random.nextInt(40) : random.nextInt();
                bytes[random.nextInt(Netlink.NLMSG_HDRLEN, bytes.length)] = (byte) value;
            }
            try {
                Message.parse(bytes).forEach(reader);
            } catch (MalformedMessage expected) {
                continue;
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + round, unexpected);
            }
        }
    }
}
