package fyr.kernel.linux.libc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A program that tests run inside pods. Each argument is {@code frame,LINK,HEX}, a frame that is sent unchanged through the link (packet(7),
 * which requires only CAP_NET_RAW), or {@code udp,ADDRESS,PORT,HEX}.
 */
final class PacketSender {

    private static final int AF_PACKET = 17;
    private static final int SOCKADDR_LL = 20;

    private PacketSender() {}

    public static void main(String[] packets) throws IOException {
        for (String packet : packets) {
            String[] words = packet.split(",", -1);
            byte[] bytes = HexFormat.of().parseHex(words[words.length - 1]);
            if (words[0].equals("udp")) {
                datagram(InetAddress.getByName(words[1]), Integer.parseInt(words[2]), bytes);
            } else {
                frame(words[1], bytes);
            }
        }
        System.out.println("sent=" + packets.length);
    }

    private static void datagram(InetAddress address, int port, byte[] payload) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(payload, payload.length, address, port));
        }
    }

    private static void frame(String link, byte[] frame) throws IOException {
        byte[] address = ByteBuffer.allocate(SOCKADDR_LL)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .putInt(4, NetworkInterface.getByName(link).getIndex())
                .array();
        try (Descriptor socket = Sockets.socket(AF_PACKET, Sockets.SOCK_RAW, 0);
                Arena arena = Arena.ofConfined()) {
            Sockets.bind(socket, arena.allocateFrom(ValueLayout.JAVA_BYTE, address));
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
            int result = Sockets.send(socket, data);
            if (result < 0) {
                throw new IOException("send by " + link + ": error " + -result);
            }
        }
    }
}
