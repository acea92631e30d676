package fyr.bgp.message;

import fyr.bgp.path.Octets;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The last message of a session and the reason of its end (RFC 4271 section 4.5).
 *
 * @param code 0 to 255, one of {@link ErrorCode}
 * @param subcode 0 to 255
 */
public record Notification(int code, int subcode, Octets data) implements Message {

    /** The longest shutdown communication in bytes of UTF-8 (RFC 9003 section 2). */
    private static final int LONGEST_COMMUNICATION = 255;

    /** A notification without data. */
    public static Notification of(int code, int subcode) {
        return new Notification(code, subcode, Octets.EMPTY);
    }

    /**
     * A Cease with a text for the operators of the peer (RFC 9003); what is beyond 255 bytes of UTF-8 is left out.
     *
     * @param subcode {@link ErrorCode#ADMINISTRATIVE_SHUTDOWN} or {@link ErrorCode#ADMINISTRATIVE_RESET}
     */
    public static Notification cease(int subcode, String communication) {
        if (communication.isEmpty()) {
            return of(ErrorCode.CEASE, subcode);
        }
        ByteBuffer data = ByteBuffer.allocate(1 + LONGEST_COMMUNICATION).put((byte) 0);
        // An encoder writes whole characters only, so a text that is too long is not cut within one.
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(communication), data, true);
        data.put(0, (byte) (data.position() - 1));
        return new Notification(ErrorCode.CEASE, subcode, Octets.of(data.array(), 0, data.position()));
    }

    /** The text of a shutdown or reset, with control characters replaced; absent if there is none or it is malformed (RFC 9003 section 2). */
    public Optional<String> communication() {
        boolean may = code == ErrorCode.CEASE
                && (subcode == ErrorCode.ADMINISTRATIVE_SHUTDOWN || subcode == ErrorCode.ADMINISTRATIVE_RESET);
        if (!may || data.length() < 2 || data.at(0) == 0 || data.at(0) > data.length() - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data.toArray(), 1, data.at(0)))
                    .toString()
                    .replaceAll("\\p{Cntrl}", "\ufffd"));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        String text = communication().map(said -> " \"" + said + "\"").orElse(data.length() == 0 ? "" : " " + data);
        return ErrorCode.name(code, subcode) + text;
    }
}
