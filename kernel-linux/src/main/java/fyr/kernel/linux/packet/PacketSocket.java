package fyr.kernel.linux.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import fyr.model.address.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** A socket for the Ethernet frames of one protocol on one link (packet(7)). Sending is safe on any thread, receiving is for one. */
final class PacketSocket implements AutoCloseable {

    static final int ETH_P_ARP = 0x0806;
    static final int ETH_P_IPV6 = 0x86dd;

    private static final ValueLayout.OfShort BIG_ENDIAN = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SOCKADDR_LL = 20;
    private static final int PROTOCOL = 2;
    private static final int INDEX = 4;
    private static final int ADDRESS_LENGTH = 11;
    private static final int ADDRESS = 12;
    private static final int LARGEST = 2048;

    /** The length of an Ethernet address. */
    static final int MAC = 6;

    private final Arena arena = Arena.ofShared();
    private final Descriptor socket;
    private final MacAddress mac;
    private final int index;
    private final MemorySegment buffer = arena.allocate(LARGEST, 8);
    private final MemorySegment sender = arena.allocate(SOCKADDR_LL, 8);

    private PacketSocket(Descriptor socket, int index, MacAddress mac) {
        this.socket = socket;
        this.index = index;
        this.mac = mac;
    }

    /**
     * Opens a socket in the calling thread's network namespace. It gets nothing before the filter is in place.
     *
     * @throws KernelException ENODEV if there is no such link, or if it is not one of Ethernet
     */
    static PacketSocket open(String link, int protocol, PacketFilter filter) {
        Descriptor socket = Sockets.socket(Sockets.AF_PACKET, Sockets.SOCK_RAW, 0);
        try (Arena call = Arena.ofConfined()) {
            int index = Sockets.interfaceIndex(socket, link);
            Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, filter.program(call));
            MemorySegment address = call.allocate(SOCKADDR_LL, 8);
            address.set(JAVA_SHORT, 0, (short) Sockets.AF_PACKET);
            address.set(BIG_ENDIAN, PROTOCOL, (short) protocol);
            address.set(JAVA_INT, INDEX, index);
            Sockets.bind(socket, address);
            Sockets.getsockname(socket, address);
            if (address.get(JAVA_BYTE, ADDRESS_LENGTH) != MAC) {
                throw KernelException.unasked("packet socket", Errno.ENODEV, link + " has no Ethernet address");
            }
            byte[] mac = address.asSlice(ADDRESS, MAC).toArray(JAVA_BYTE);
            return new PacketSocket(socket, index, MacAddress.of(mac));
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    /**
     * Whether the link still has the address that it had. A link that is gone has the number -1 here (packet_notifier in
     * net/packet/af_packet.c).
     */
    boolean isCurrent() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment address = call.allocate(SOCKADDR_LL, 8);
            Sockets.getsockname(socket, address);
            byte[] now = address.asSlice(ADDRESS, MAC).toArray(JAVA_BYTE);
            return address.get(JAVA_INT, INDEX) == index && MacAddress.of(now).equals(mac);
        }
    }

    /** Another filter from now on. */
    void filter(PacketFilter filter) {
        try (Arena call = Arena.ofConfined()) {
            Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, filter.program(call));
        }
    }

    /** The link's own address. */
    MacAddress mac() {
        return mac;
    }

    /** The link's number. */
    int index() {
        return index;
    }

    Descriptor descriptor() {
        return socket;
    }

    /** The next frame, if one is there. A link that went down is reported once, and the socket goes on when it is up again. */
    Optional<byte[]> receive() {
        int length = Sockets.receive(socket, buffer, Sockets.MSG_DONTWAIT, sender);
        return length <= 0
                ? Optional.empty()
                : Optional.of(buffer.asSlice(0, length).toArray(JAVA_BYTE));
    }

    /** Sends a frame; whether the kernel took it. */
    boolean send(byte[] frame) {
        try (Arena call = Arena.ofConfined()) {
            return Sockets.send(socket, call.allocateFrom(JAVA_BYTE, frame)) == 0;
        }
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
