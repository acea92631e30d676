package fyr.kernel.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;

/** Sends Ethernet frames unchanged, as any process with CAP_NET_RAW can. */
public final class FrameSocket {

    private static final int AF_PACKET = 17;

    private FrameSocket() {}

    /**
     * Sends frames through a link.
     *
     * @param link the index of the link in that namespace
     */
    public static void send(NetworkNamespace namespace, int link, byte[]... frames) {
        namespace.run(() -> send(link, List.of(frames)));
    }

    private static void send(int link, List<byte[]> frames) {
        try (Descriptor socket = Sockets.socket(AF_PACKET, Sockets.SOCK_RAW, 0);
                Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4); // struct sockaddr_ll
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_INT, 4, link);
            Sockets.bind(socket, address);
            for (byte[] frame : frames) {
                int refused = Sockets.send(socket, arena.allocateFrom(JAVA_BYTE, frame));
                if (refused != 0) {
                    throw new IllegalStateException("a frame was not sent: " + refused);
                }
            }
        }
    }

    /** Runs as a program in tests of whole labs. The arguments are the name of a link and frames in hexadecimal digits. */
    public static void main(String[] arguments) throws SocketException {
        int link = NetworkInterface.getByName(arguments[0]).getIndex();
        send(
                link,
                List.of(arguments).subList(1, arguments.length).stream()
                        .map(HexFormat.of()::parseHex)
                        .toList());
    }
}
