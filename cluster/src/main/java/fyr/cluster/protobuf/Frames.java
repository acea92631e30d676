package fyr.cluster.protobuf;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A watch as the API server sends it in protobuf: frames of a four-byte length and a {@code WatchEvent}, whose object has its own envelope.
 * For one thread.
 */
public final class Frames {

    private static final int LONGEST = 64 << 20; // as for a line of JSON
    private static final String ERROR = "ERROR";

    private final DataInputStream in;
    private final Message object;
    private final JsonBytes json = new JsonBytes();
    private final Transcoder transcoder = new Transcoder(json);

    /** The events about objects of this kind. */
    public Frames(InputStream in, Message object) {
        this.in = new DataInputStream(in);
        this.object = object;
    }

    /** The next event as a line of JSON, empty at the end of the watch; blocks until there is one. */
    public Optional<byte[]> next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length < 0 || length > LONGEST) {
            throw new MalformedProtobufException("an event longer than " + LONGEST + " bytes");
        }
        byte[] frame = in.readNBytes(length);
        if (frame.length < length) {
            throw new EOFException("cut off within an event");
        }
        json.clear();
        event(frame);
        return Optional.of(json.toBytes());
    }

    private void event(byte[] frame) throws IOException {
        String type = "";
        int[] span = {0, 0};
        for (Fields event = new Fields(frame, 0, frame.length); event.next(); ) {
            if (event.number() == 1) {
                type = event.text();
            } else if (event.number() == 2) {
                span = raw(event);
            }
        }
        json.open('{').name("type").text(type);
        json.name("object");
        Envelope.write(type.equals(ERROR) ? Schemas.STATUS : object, frame, span[0], span[1], transcoder);
        json.close('}');
    }

    /** {@code RawExtension.raw}. */
    private static int[] raw(Fields extension) throws MalformedProtobufException {
        int[] span = {0, 0};
        for (Fields inner = extension.nested(); inner.next(); ) {
            if (inner.number() == 1) {
                span = new int[] {inner.from(), inner.to()};
            }
        }
        return span;
    }
}
