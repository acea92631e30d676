package fyr.bgp.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what BGP speakers said from a file of captured packets (pcap). Packets may be cut or damaged; then as much is taken as there is. */
final class Capture {

    private static final int BGP = 179;
    private static final int TCP = 6;

    /** The bytes of each direction of each connection. */
    private final Map<String, ByteArrayOutputStream> streams = new LinkedHashMap<>();

    private Capture() {}

    /** The streams in which there is anything. */
    static List<byte[]> streams(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        int magic = in.getInt();
        in.order(magic == 0xa1b2c3d4 || magic == 0xa1b23c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int link = in.getInt(20) & 0xffff;
        in.position(24);
        Capture capture = new Capture();
        while (in.remaining() >= 16) {
            int length = in.getInt(in.position() + 8);
            in.position(in.position() + 16);
            length = Math.min(Math.max(length, 0), in.remaining());
            byte[] packet = new byte[length];
            in.get(packet);
            capture.frame(ByteBuffer.wrap(packet), link);
        }
        return capture.streams.values().stream()
                .map(ByteArrayOutputStream::toByteArray)
                .filter(bytes -> bytes.length > 0)
                .toList();
    }

    private void frame(ByteBuffer packet, int link) {
        int head = switch (link) {
            case 1 -> packet.limit() > 16 && packet.getShort(12) == (short) 0x8100 ? 18 : 14; // Ethernet
            case 0 -> 4; // loopback
            case 101 -> 0; // IP alone
            case 113 -> 16; // Linux "any"
            default -> -1;
        };
        if (head < 0) {
            // Whatever is in front of the message, it begins with its marker.
            streams.computeIfAbsent("others", _ -> new ByteArrayOutputStream()).writeBytes(packet.array());
        } else if (packet.limit() >= head + 40) {
            packet(packet.slice(head, packet.limit() - head));
        }
    }

    private void packet(ByteBuffer ip) {
        int version = ip.get(0) >>> 4 & 15;
        int head = version == 4 ? (ip.get(0) & 15) * 4 : 40;
        int protocol = version == 4 ? ip.get(9) : ip.get(6);
        int total = version == 4 ? ip.getShort(2) & 0xffff : 40 + (ip.getShort(4) & 0xffff);
        if (version != 4 && version != 6 || protocol != TCP || head + 20 > ip.limit()) {
            return;
        }
        int end = total < head + 20 ? ip.limit() : Math.min(total, ip.limit());
        int from = ip.getShort(head) & 0xffff;
        int to = ip.getShort(head + 2) & 0xffff;
        int start = head + (ip.get(head + 12) >>> 4 & 15) * 4;
        if ((from == BGP || to == BGP) && start < end) {
            byte[] addresses = new byte[version == 4 ? 8 : 32];
            ip.get(version == 4 ? 12 : 8, addresses);
            String key = Arrays.toString(addresses) + " " + from + " " + to;
            byte[] payload = new byte[end - start];
            ip.get(start, payload);
            streams.computeIfAbsent(key, _ -> new ByteArrayOutputStream()).writeBytes(payload);
        }
    }

    /** Splits a stream at each marker, and gives each message the length that it says, as far as the stream goes. */
    static List<byte[]> messages(byte[] stream) {
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at + Header.BYTES <= stream.length; ) {
            if (!isMarker(stream, at)) {
                at++;
                continue;
            }
            int length = (stream[at + 16] & 255) << 8 | stream[at + 17] & 255;
            int end = Math.min(stream.length, at + Math.max(length, Header.BYTES));
            messages.add(Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        return messages;
    }

    private static boolean isMarker(byte[] stream, int at) {
        for (int i = at; i < at + 16; i++) {
            if (stream[i] != -1) {
                return false;
            }
        }
        return true;
    }
}
