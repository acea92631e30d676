package fyr.cni;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The native executable with the settings of one node written into it, over {@code struct settings} of {@code fyr-cni.c}: a marker of 32
 * bytes, then socket (108), directory of pending DELs (256) and patience in seconds (8), each ending with a NUL byte.
 */
final class Executable {

    private static final byte[] MARKER = Arrays.copyOf("fyr-cni settings follow here:".getBytes(ISO_8859_1), 32);
    private static final int SOCKET_SIZE = 108;
    private static final int PENDING_SIZE = 256;
    private static final int SECONDS_SIZE = 8;

    private Executable() {}

    /**
     * The bytes of the executable.
     *
     * @param seconds how long it waits for the agent altogether
     */
    static byte[] bytes(Path socket, Path pendingDirectory, int seconds) throws IOException {
        return configured(compiled(), socket, pendingDirectory, seconds);
    }

    /** Writes the settings into the bytes of an executable, and returns these. */
    static byte[] configured(byte[] bytes, Path socket, Path pendingDirectory, int seconds) {
        int at = marker(bytes) + MARKER.length;
        write(bytes, at, SOCKET_SIZE, socket.toString());
        write(bytes, at + SOCKET_SIZE, PENDING_SIZE, pendingDirectory.toString());
        write(bytes, at + SOCKET_SIZE + PENDING_SIZE, SECONDS_SIZE, Integer.toString(seconds));
        return bytes;
    }

    private static byte[] compiled() throws IOException {
        try (InputStream input = Executable.class.getResourceAsStream("fyr-cni")) {
            if (input == null) {
                throw new IOException("the native executable fyr-cni is not in this build: build it with ./fyr");
            }
            return input.readAllBytes();
        }
    }

    private static int marker(byte[] bytes) {
        int found = -1;
        for (int at = 0; at + MARKER.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
                if (found >= 0) {
                    throw new IllegalStateException("fyr-cni has its settings twice");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new IllegalStateException("fyr-cni has no settings");
        }
        return found;
    }

    /** Quotes and backslashes would break the executable's errors, which it writes as JSON without escaping. */
    private static void write(byte[] bytes, int at, int size, String value) {
        byte[] text = value.getBytes(UTF_8);
        if (text.length >= size) {
            throw new IllegalArgumentException(
                    "'" + value + "' is longer than " + (size - 1) + " bytes: choose a shorter path");
        }
        if (!value.matches("[\\x20-\\x7e&&[^\"\\\\]]+")) {
            throw new IllegalArgumentException(
                    "'" + value + "' has characters other than printable ASCII without quotes and backslashes");
        }
        Arrays.fill(bytes, at, at + size, (byte) 0);
        System.arraycopy(text, 0, bytes, at, text.length);
    }
}
