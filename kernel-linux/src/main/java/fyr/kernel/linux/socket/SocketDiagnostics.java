package fyr.kernel.linux.socket;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.socket.TcpEnd;
import fyr.kernel.socket.TcpSockets;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** TCP sockets over NETLINK_SOCK_DIAG. A socket of the diagnosis stays in the namespace where it was opened, so each call opens one. */
public final class SocketDiagnostics implements TcpSockets {

    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int BUFFER = 64 << 10;

    /** Of include/uapi/linux/sock_diag.h. */
    private static final int SOCK_DIAG_BY_FAMILY = 20;

    private static final int SOCK_DESTROY = 21;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_TCP = 6;
    private static final int ANY_STATE = -1;
    private static final int TCP_LISTEN = 10; // include/net/tcp_states.h
    private static final int INET_DIAG_NOCOOKIE = -1;

    /** Of struct inet_diag_msg. */
    private static final int STATE = 1;

    private static final int COOKIE = 4 + 40;

    private static final Errno ESTALE = new Errno(116);

    private final NetworkNamespace node;

    /** For a node whose namespace is this, which must stay open. */
    public SocketDiagnostics(NetworkNamespace node) {
        this.node = node;
    }

    @Override
    public int abort(Optional<Path> namespace, Collection<TcpEnd> ends) {
        if (namespace.isEmpty()) {
            return abort(node, ends);
        }
        try (NetworkNamespace there = NetworkNamespace.open(namespace.get())) {
            return abort(there, ends);
        }
    }

    private static int abort(NetworkNamespace namespace, Collection<TcpEnd> ends) {
        int[] aborted = {0};
        namespace.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_SOCK_DIAG, BUFFER)) {
                for (TcpEnd end : ends) {
                    aborted[0] += abort(socket, end) ? 1 : 0;
                }
            }
        });
        return aborted[0];
    }

    /**
     * Where there is no connection, the kernel finds the socket that listens at the local end (inet_lookup), and would end that. So it is asked
     * first which socket it means, and then told to end that one: the cookie belongs to one socket for ever.
     */
    private static boolean abort(NetlinkSocket socket, TcpEnd end) {
        Optional<Message> found = socket.get(new Request(
                "SOCK_DIAG_BY_FAMILY " + end,
                request(SOCK_DIAG_BY_FAMILY, end, INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE),
                Set.of(Errno.ENOENT)));
        if (found.isEmpty() || found.get().u8(STATE) == TCP_LISTEN) {
            return false;
        }
        try {
            socket.request(Request.of(
                    "SOCK_DESTROY " + end,
                    request(
                            SOCK_DESTROY,
                            end,
                            found.get().u32(COOKIE),
                            found.get().u32(COOKIE + 4))));
            return true;
        } catch (KernelException gone) {
            if (gone.errno().equals(Errno.ENOENT) || gone.errno().equals(ESTALE)) {
                return false;
            }
            throw gone;
        }
    }

    /** Struct inet_diag_req_v2. Sockets of IPv6 with an IPv4 address in them are found by the IPv4 address. */
    private static MessageWriter request(int type, TcpEnd end, int cookie, int secondCookie) {
        return MessageWriter.of(type, Netlink.NLM_F_REQUEST)
                .put8(end.local().family() == Family.IPV4 ? AF_INET : AF_INET6)
                .put8(IPPROTO_TCP)
                .put8(0)
                .put8(0)
                .put32(ANY_STATE)
                .putBe16(end.localPort())
                .putBe16(end.remotePort())
                .put(padded(end.local()))
                .put(padded(end.remote()))
                .put32(0)
                .put32(cookie)
                .put32(secondCookie);
    }

    private static byte[] padded(IpAddress address) {
        return Arrays.copyOf(address.toBytes(), 16);
    }
}
