package fyr.cluster.protobuf;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The fields of a message that is too long to be held in memory, as they arrive. */
final class Incoming {

    private static final int LONGEST = 64 << 20; // far beyond etcd's limit of 1.5 MiB for an object

    private final InputStream in;
    private long left = Long.MAX_VALUE;

    Incoming(InputStream in) {
        this.in = new BufferedInputStream(in, 16 << 10);
    }

    /** From here on there is only the message whose length comes next. */
    void enter() throws IOException {
        long length = varint();
        if (length < 0) {
            throw new MalformedProtobufException("a message of negative length");
        }
        left = length;
    }

    boolean ended() {
        return left == 0;
    }

    /** A field's number and wire type, as they are written. */
    long varint() throws IOException {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            take(1);
            int next = in.read();
            if (next < 0) {
                throw new EOFException("cut off within a list");
            }
            result |= (long) (next & 127) << shift;
            if (next < 128) {
                return result;
            }
        }
        throw new MalformedProtobufException("a number of more than ten bytes");
    }

    byte[] bytes() throws IOException {
        long length = varint();
        if (length < 0 || length > LONGEST) {
            throw new MalformedProtobufException("an object longer than " + LONGEST + " bytes");
        }
        return bytes((int) length);
    }

    byte[] bytes(int length) throws IOException {
        take(length);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("cut off within a list");
        }
        return bytes;
    }

    /** Skips the value that this tag announces. */
    void skip(long tag) throws IOException {
        switch ((int) (tag & 7)) {
            case Fields.VARINT -> varint();
            case Fields.BYTES -> bytes();
            case Fields.EIGHT_BYTES -> bytes(8);
            case Fields.FOUR_BYTES -> bytes(4);
            default -> throw new MalformedProtobufException("the wire type " + (tag & 7));
        }
    }

    private void take(long count) throws MalformedProtobufException {
        if (count > left) {
            throw new MalformedProtobufException("a field is longer than what it is in");
        }
        left -= count;
    }
}
