package fyr.cluster.protobuf;

import java.io.IOException;
import java.io.InputStream;

/**
 * A list as the API server sends it in protobuf, read as the JSON of the same list, with one object in memory at a time. A list that is cut
 * off ends with an exception. For one thread.
 */
public final class ListStream extends InputStream {

    private static final long RAW = Envelope.RAW << 3 | Fields.BYTES;
    private static final long METADATA = 1 << 3 | Fields.BYTES;
    private static final long ITEM = 2 << 3 | Fields.BYTES;

    private final InputStream source;
    private final Incoming in;
    private final Message item;
    private final JsonBytes json = new JsonBytes();
    private final Transcoder transcoder = new Transcoder(json);
    private byte[] metadata = {'{', '}'};
    private int given;
    private boolean begun;
    private boolean ended;

    /** The list of objects of this kind; closing it closes the source. */
    public ListStream(InputStream source, Message item) {
        this.source = source;
        this.in = new Incoming(source);
        this.item = item;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (given == json.length()) {
            if (ended) {
                return -1;
            }
            json.drain();
            given = 0;
            more();
        }
        int count = Math.min(length, json.length() - given);
        json.copyTo(given, target, offset, count);
        given += count;
        return count;
    }

    private void more() throws IOException {
        if (!begun) {
            begin();
        } else if (in.ended()) {
            json.close(']').name("metadata").raw(metadata);
            json.close('}');
            ended = true;
        } else {
            field(in.varint());
        }
    }

    private void begin() throws IOException {
        byte[] magic = in.bytes(Envelope.size());
        Envelope.check(magic, 0, magic.length);
        for (long tag = in.varint(); tag != RAW; tag = in.varint()) {
            in.skip(tag);
        }
        in.enter();
        json.open('{').name("items").open('[');
        begun = true;
    }

    private void field(long tag) throws IOException {
        if (tag == ITEM) {
            byte[] bytes = in.bytes();
            transcoder.message(item, bytes, 0, bytes.length);
        } else if (tag == METADATA) {
            byte[] bytes = in.bytes();
            JsonBytes own = new JsonBytes();
            new Transcoder(own).message(Schemas.LIST_META, bytes, 0, bytes.length);
            metadata = own.toBytes();
        } else {
            in.skip(tag);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
