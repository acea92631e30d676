package fyr.cluster.protobuf;

import java.nio.charset.StandardCharsets;

/** The fields of one message, one after the other. Checks every length before it is used. */
final class Fields {

    static final int VARINT = 0;
    static final int EIGHT_BYTES = 1;
    static final int BYTES = 2;
    static final int FOUR_BYTES = 5;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int number;
    private int wireType;
    private long value;
    private int from;
    private int to;

    Fields(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Advances to the next field; false if there is none. */
    boolean next() throws MalformedProtobufException {
        if (at == end) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (tag >>> 3 != number || number <= 0) {
            throw new MalformedProtobufException("a field without a number");
        }
        switch (wireType) {
            case VARINT -> value = varint();
            case BYTES -> slice(varint());
            case EIGHT_BYTES -> slice(8);
            case FOUR_BYTES -> slice(4);
            default -> throw new MalformedProtobufException("field " + number + " has the wire type " + wireType);
        }
        return true;
    }

    private void slice(long length) throws MalformedProtobufException {
        if (length < 0 || length > end - at) {
            throw new MalformedProtobufException("field " + number + " is longer than what it is in");
        }
        from = at;
        to = at + (int) length;
        at = to;
    }

    private long varint() throws MalformedProtobufException {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw new MalformedProtobufException("cut off within a number");
            }
            byte next = bytes[at++];
            result |= (long) (next & 127) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw new MalformedProtobufException("a number of more than ten bytes");
    }

    /** Where the next field begins. */
    int position() {
        return at;
    }

    int number() {
        return number;
    }

    /** The value of a number or flag. */
    long value() throws MalformedProtobufException {
        require(VARINT);
        return value;
    }

    /** Where the bytes of a text or message begin. */
    int from() throws MalformedProtobufException {
        require(BYTES);
        return from;
    }

    /** Where they end. */
    int to() throws MalformedProtobufException {
        require(BYTES);
        return to;
    }

    /** The fields of the message that this field holds. */
    Fields nested() throws MalformedProtobufException {
        require(BYTES);
        return new Fields(bytes, from, to);
    }

    String text() throws MalformedProtobufException {
        require(BYTES);
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private void require(int type) throws MalformedProtobufException {
        if (wireType != type) {
            throw new MalformedProtobufException("field " + number + " has the wire type " + wireType);
        }
    }
}
