package fyr.lab.world;

import fyr.model.address.IpAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What the outside's resolver says (RFC 1035 section 4): one question, at most one address. */
final class Answer {

    private static final Map<String, List<IpAddress>> DOMAINS = Map.of(
            "example.com", List.of(IpAddress.parse("203.0.113.10"), IpAddress.parse("2001:db8::10")),
            "example.org", List.of(IpAddress.parse("203.0.113.20"), IpAddress.parse("2001:db8::20")),
            "example.net", List.of(IpAddress.parse("203.0.113.30"), IpAddress.parse("2001:db8::30")));

    private static final int HEADER = 12;
    private static final int RESPONSE_AUTHORITATIVE_AVAILABLE = 0x8480;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int NXDOMAIN = 3;
    private static final int TTL_SECONDS = 30;

    private Answer() {}

    /** The answer to a message, or nothing if it is no question. */
    static byte[] to(byte[] message) {
        try {
            ByteBuffer in = ByteBuffer.wrap(message);
            int id = in.getShort();
            int flags = in.getShort();
            if (flags < 0 || in.getShort() != 1) {
                return new byte[0];
            }
            in.position(HEADER);
            String name = name(in);
            int type = in.getShort();
            in.getShort();
            return answer(id, flags, message, in.position(), domain(name), type);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    private static byte[] answer(
            int id, int flags, byte[] message, int end, Optional<List<IpAddress>> known, int type) {
        Optional<byte[]> data = known.flatMap(addresses -> switch (type) {
            case 1 -> Optional.of(addresses.getFirst().toBytes());
            case 28 -> Optional.of(addresses.getLast().toBytes());
            default -> Optional.empty();
        });
        ByteBuffer out = ByteBuffer.allocate(end + 16 + Short.SIZE);
        out.putShort((short) id)
                .putShort((short) (RESPONSE_AUTHORITATIVE_AVAILABLE
                        | flags & RECURSION_DESIRED
                        | (known.isEmpty() ? NXDOMAIN : 0)))
                .putShort((short) 1)
                .putShort((short) (data.isPresent() ? 1 : 0))
                .putInt(0)
                .put(message, HEADER, end - HEADER);
        // 0xc00c points back at the name in the question.
        data.ifPresent(bytes -> out.putShort((short) 0xc00c)
                .putShort((short) type)
                .putShort((short) 1)
                .putInt(TTL_SECONDS)
                .putShort((short) bytes.length)
                .put(bytes));
        byte[] answer = new byte[out.position()];
        out.flip().get(answer);
        return answer;
    }

    private static Optional<List<IpAddress>> domain(String name) {
        return DOMAINS.entrySet().stream()
                .filter(domain -> name.equals(domain.getKey()) || name.endsWith("." + domain.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String name(ByteBuffer in) {
        StringJoiner name = new StringJoiner(".");
        for (int length = in.get(); length != 0; length = in.get()) {
            if (length < 0 || length > 63) {
                throw new IllegalArgumentException("a label of " + length + " bytes");
            }
            byte[] label = new byte[length];
            in.get(label);
            name.add(new String(label, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
