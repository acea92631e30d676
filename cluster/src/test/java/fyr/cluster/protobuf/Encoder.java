package fyr.cluster.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes protobuf, for tests. */
final class Encoder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Encoder number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    Encoder text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Encoder bytes(int field, byte[] bytes) {
        varint((long) field << 3 | Fields.BYTES);
        varint(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    Encoder message(int field, Encoder message) {
        return bytes(field, message.bytes());
    }

    Encoder entry(int field, String key, String value) {
        return message(field, new Encoder().text(1, key).text(2, value));
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~127L) != 0) {
            out.write((int) (rest & 127 | 128));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** In the envelope of Kubernetes. */
    byte[] enveloped() {
        byte[] unknown = new Encoder()
                .message(1, new Encoder().text(1, "v1").text(2, "Any"))
                .bytes(2, bytes())
                .text(3, "")
                .text(4, "")
                .bytes();
        return ByteBuffer.allocate(4 + unknown.length)
                .put(new byte[] {'k', '8', 's', 0})
                .put(unknown)
                .array();
    }

    /** As an event of a watch in its frame. */
    static byte[] frame(String type, Encoder object) {
        byte[] event = new Encoder()
                .text(1, type)
                .message(2, new Encoder().bytes(1, object.enveloped()))
                .bytes();
        return ByteBuffer.allocate(4 + event.length)
                .putInt(event.length)
                .put(event)
                .array();
    }
}
