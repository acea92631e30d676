package fyr.cluster.protobuf;

import java.io.IOException;

/**
 * The bytes that Kubernetes wraps a message in: a magic number and a {@code runtime.Unknown} whose {@code raw} is the message
 * (kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding).
 */
final class Envelope {

    static final int RAW = 2;
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private Envelope() {}

    static int size() {
        return MAGIC.length;
    }

    static void check(byte[] bytes, int from, int to) throws MalformedProtobufException {
        boolean right = to - from >= MAGIC.length;
        for (int i = 0; right && i < MAGIC.length; i++) {
            right = bytes[from + i] == MAGIC[i];
        }
        if (!right) {
            throw new MalformedProtobufException("without the bytes that Kubernetes begins with");
        }
    }

    /** Writes the message inside as JSON; an empty object if there is none. */
    static void write(Message message, byte[] bytes, int from, int to, Transcoder out) throws IOException {
        check(bytes, from, to);
        Fields unknown = new Fields(bytes, from + MAGIC.length, to);
        int[] raw = {to, to};
        while (unknown.next()) {
            if (unknown.number() == RAW) {
                raw = new int[] {unknown.from(), unknown.to()};
            }
        }
        out.message(message, bytes, raw[0], raw[1]);
    }
}
