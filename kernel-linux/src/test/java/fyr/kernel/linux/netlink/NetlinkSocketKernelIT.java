package fyr.kernel.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NetlinkSocketKernelIT {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;

    private static MessageWriter link(int type, int flags) {
        return MessageWriter.of(type, flags).put(new byte[16]);
    }

    private static Request addBridge(String name) {
        return Request.of(
                "RTM_NEWLINK " + name,
                link(RTM_NEWLINK, Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL)
                        .string(3, name)
                        .nested(18, info -> info.string(1, "bridge")));
    }

    private static Request delete(String name) {
        return new Request("RTM_DELLINK " + name, link(RTM_DELLINK, 0).string(3, name), Set.of(Errno.ENODEV));
    }

    private static List<String> names(NetlinkSocket socket) {
        return socket.dump(
                "RTM_GETLINK",
                link(RTM_GETLINK, 0),
                message -> message.attributes(16).string(3));
    }

    @Test
    void dumpsRequestsAndGets() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            assertThat(names(socket)).contains("lo");
            socket.request(addBridge("nlbr0"));
            assertThat(names(socket)).contains("nlbr0");
            Request get = new Request("RTM_GETLINK", link(RTM_GETLINK, 0).string(3, "nlbr0"), Set.of(Errno.ENODEV));
            assertThat(socket.get(get)).isPresent();
            socket.request(delete("nlbr0"));
            socket.request(delete("nlbr0"));
            assertThat(socket.get(get)).isEmpty();
        }
    }

    @Test
    void tellsWhatTheKernelSays() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            Request unknownKind = Request.of(
                    "RTM_NEWLINK x",
                    link(RTM_NEWLINK, Netlink.NLM_F_CREATE)
                            .string(3, "x")
                            .nested(18, info -> info.string(1, "nosuchkind")));
            assertThatThrownBy(() -> socket.request(unknownKind))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("RTM_NEWLINK x: EOPNOTSUPP (Unknown device type)");
        }
    }

    @Test
    void goesOnAfterARefusalWithinAChunk() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            assertThatThrownBy(
                            () -> socket.requests(List.of(addBridge("nlbr1"), addBridge("nlbr1"), addBridge("nlbr2"))))
                    .hasMessageContaining("RTM_NEWLINK nlbr1: EEXIST");
            assertThat(names(socket)).contains("nlbr1", "nlbr2");
            socket.requests(List.of(delete("nlbr1"), delete("nlbr2")));
        }
    }

    @Test
    void manyRefusalsOfOneChunkAreAllHeard() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            List<Request> absent = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                absent.add(delete("absent" + i));
            }
            socket.requests(absent);
        }
    }

    /** Otherwise the kernel would answer the next listing with EBUSY, and the next request would receive answers to this one. */
    @Test
    void aReaderThatFailsLeavesNothingBehind() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            List<Request> additions = new ArrayList<>();
            List<Request> deletions = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                additions.add(addBridge("nlmany" + i));
                deletions.add(delete("nlmany" + i));
            }
            socket.requests(additions);
            assertThatThrownBy(() -> socket.dump("RTM_GETLINK", link(RTM_GETLINK, 0), _ -> {
                        throw new IllegalStateException("of the reader");
                    }))
                    .hasMessage("of the reader");
            Request get = Request.of("RTM_GETLINK", link(RTM_GETLINK, 0).string(3, "nlmany99"));
            assertThat(socket.get(get)).isPresent();
            assertThat(names(socket)).hasSizeGreaterThanOrEqualTo(101);
            socket.requests(deletions);
        }
    }

    @Test
    void batchGivesEveryAnswer() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            int first = socket.sequences(2);
            byte[] bytes = new MessageWriter()
                    .message(RTM_DELLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, first)
                    .put(new byte[16])
                    .string(3, "absent")
                    .message(RTM_NEWLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, first + 1)
                    .put(new byte[16])
                    .string(3, "lo")
                    .toBytes();
            assertThat(socket.batch("two", bytes, first + 1))
                    .extracting(Acknowledgement::sequence, Acknowledgement::errno)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple(first, Errno.ENODEV),
                            org.assertj.core.api.Assertions.tuple(first + 1, new Errno(0)));
        }
    }

    @Test
    void aSocketStaysInItsNamespace() throws Exception {
        Path file = Path.of("/run/netns/stays");
        try (NetworkNamespace namespace = NetworkNamespace.create(file);
                NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(Netlink.NETLINK_ROUTE));
                NetlinkSocket here = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            socket.request(addBridge("inside"));
            assertThat(names(socket)).containsExactlyInAnyOrder("lo", "inside");
            assertThat(names(here)).doesNotContain("inside");
        } finally {
            NetworkNamespace.delete(file);
        }
    }
}
