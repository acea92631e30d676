package fyr.kernel.linux.socket;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.BorrowedSocket;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a channel of {@code java.nio}. The JDK tells it to nobody, and reflection into it would need {@code --add-opens}, which
 * gives away all of java.base. So the open descriptors of the process are compared with what the channel says of itself: a bound address belongs to
 * one socket of a protocol, or with the address of the peer to one connection.
 */
final class ChannelSocket {

    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final int SOCK_STREAM = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    /** Of include/uapi/asm-generic/socket.h. */
    private static final int SO_TYPE = 3;

    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_PROTOCOL = 38;
    private static final int SO_NETNS_COOKIE = 71;

    private record Wanted(int type, int protocol, boolean listens, SocketEnd local, Optional<SocketEnd> remote) {

        private boolean isMetBy(BorrowedSocket socket) {
            return socket.is(Sockets.SOL_SOCKET, SO_TYPE, type)
                    && socket.is(Sockets.SOL_SOCKET, SO_PROTOCOL, protocol)
                    && socket.is(Sockets.SOL_SOCKET, SO_ACCEPTCONN, listens ? 1 : 0)
                    && socket.name().flatMap(SocketEnd::read).equals(Optional.of(local))
                    && socket.peer().flatMap(SocketEnd::read).equals(remote);
        }
    }

    private ChannelSocket() {}

    /**
     * The socket of a channel, valid while the channel is open. The calling thread must be in the channel's network namespace if the process has
     * sockets in several.
     *
     * @param channel bound, and not in the middle of being connected
     * @throws IllegalArgumentException if it is not bound, or is not one of TCP or UDP
     * @throws KernelException ENOENT if its connection is gone, so that the addresses are too
     */
    static BorrowedSocket of(NetworkChannel channel) {
        Wanted wanted = wanted(channel);
        List<BorrowedSocket> all = all().stream().filter(wanted::isMetBy).toList();
        List<BorrowedSocket> found = all.size() > 1 ? inThisNamespace(all) : all;
        if (found.size() != 1) {
            String why = found.isEmpty() ? "has no descriptor" : "cannot be told from another socket";
            throw KernelException.unasked("descriptor of " + channel, Errno.ENOENT, why);
        }
        return found.getFirst();
    }

    private static Wanted wanted(NetworkChannel channel) {
        try {
            SocketEnd local = end(channel.getLocalAddress())
                    .orElseThrow(() -> new IllegalArgumentException("not bound: " + channel));
            return switch (channel) {
                case ServerSocketChannel _ -> new Wanted(SOCK_STREAM, IPPROTO_TCP, true, local, Optional.empty());
                case SocketChannel one ->
                    new Wanted(SOCK_STREAM, IPPROTO_TCP, false, local, end(one.getRemoteAddress()));
                case DatagramChannel one ->
                    new Wanted(Sockets.SOCK_DGRAM, IPPROTO_UDP, false, local, end(one.getRemoteAddress()));
                default -> throw new IllegalArgumentException("neither of TCP nor of UDP: " + channel);
            };
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static Optional<SocketEnd> end(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? Optional.of(SocketEnd.of(internet)) : Optional.empty();
    }

    /** All descriptors; what is no socket, or is closed meanwhile, answers no question. */
    private static List<BorrowedSocket> all() {
        try (Stream<Path> files = Files.list(OPEN)) {
            return files.map(file -> new BorrowedSocket(
                            Integer.parseInt(file.getFileName().toString())))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The same address may be bound in another namespace (Linux 5.14 tells them apart). */
    private static List<BorrowedSocket> inThisNamespace(List<BorrowedSocket> all) {
        try (Descriptor probe = Sockets.socket(Sockets.AF_NETLINK, Sockets.SOCK_RAW, 0)) {
            Optional<byte[]> here = cookie(new BorrowedSocket(probe.number()));
            return all.stream()
                    .filter(socket ->
                            here.isEmpty() || Arrays.equals(cookie(socket).orElse(new byte[0]), here.get()))
                    .toList();
        }
    }

    private static Optional<byte[]> cookie(BorrowedSocket socket) {
        return socket.option(Sockets.SOL_SOCKET, SO_NETNS_COOKIE, Long.BYTES);
    }
}
