package fyr.cluster.protobuf;

import java.io.IOException;

/** The server's no. */
public final class StatusText {

    private StatusText() {}

    /** A meta/v1 Status in its envelope as JSON. */
    public static byte[] json(byte[] body) throws IOException {
        JsonBytes json = new JsonBytes();
        Envelope.write(Schemas.STATUS, body, 0, body.length, new Transcoder(json));
        return json.toBytes();
    }
}
