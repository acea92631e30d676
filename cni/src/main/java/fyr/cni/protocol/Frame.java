package fyr.cni.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes between the native executable and the agent; all numbers are 32 bits, big endian. The other side is {@code fyr-cni.c}.
 *
 * <pre>
 * request  "FYR1", length of environment, length of configuration, environment, configuration
 *          environment: NAME=value and a NUL byte for each variable; configuration: standard input
 * answer   "FYR1", exit status, length of text, text for standard output
 * </pre>
 *
 * A pending DEL on disk is one request.
 */
public final class Frame {

    /** Longest environment in bytes. */
    public static final int ENVIRONMENT_MAX = 64 << 10;

    /** Longest configuration in bytes. */
    public static final int CONFIGURATION_MAX = 1 << 20;

    /** Longest text of an answer in bytes. */
    public static final int ANSWER_MAX = 1 << 20;

    private static final byte[] MAGIC = "FYR1".getBytes(ISO_8859_1);

    private Frame() {}

    /**
     * Reads one request; bytes after it are left alone.
     *
     * @throws ProtocolException if these are not the bytes of a request, or more than the limits allow
     * @throws java.io.EOFException if they end too early
     */
    public static RawRequest readRequest(InputStream input) throws IOException {
        DataInputStream data = new DataInputStream(input);
        byte[] magic = new byte[MAGIC.length];
        data.readFully(magic);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new ProtocolException("not a request of fyr-cni");
        }
        int environment = length(data.readInt(), ENVIRONMENT_MAX, "environment");
        int configuration = length(data.readInt(), CONFIGURATION_MAX, "configuration");
        return new RawRequest(environment(exactly(data, environment)), exactly(data, configuration));
    }

    private static int length(int length, int limit, String what) throws ProtocolException {
        if (length < 0 || length > limit) {
            throw new ProtocolException(
                    what + " of " + Integer.toUnsignedString(length) + " bytes is longer than " + limit);
        }
        return length;
    }

    /** Allocates as bytes arrive: a peer that announces much and sends nothing costs nothing. */
    private static byte[] exactly(DataInputStream data, int length) throws IOException {
        byte[] bytes = data.readNBytes(length);
        if (bytes.length < length) {
            throw new java.io.EOFException("the request ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static Map<String, String> environment(byte[] bytes) {
        Map<String, String> variables = new HashMap<>();
        for (String variable : new String(bytes, UTF_8).split("\0")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }

    /** The bytes of an answer. A text above the limit becomes an error: the executable would refuse it. */
    public static byte[] answer(CniAnswer answer) {
        byte[] text = answer.text().getBytes(UTF_8);
        if (text.length > ANSWER_MAX) {
            return answer(new CniAnswer(
                    1,
                    ResultText.error(
                            "1.1.0", new CniException(CniErrorCode.INTERNAL, "the answer is larger than 1 MiB"))));
        }
        return ByteBuffer.allocate(MAGIC.length + 8 + text.length)
                .put(MAGIC)
                .putInt(answer.status())
                .putInt(text.length)
                .put(text)
                .array();
    }
}
