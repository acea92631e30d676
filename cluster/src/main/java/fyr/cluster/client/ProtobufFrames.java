package fyr.cluster.client;

import fyr.cluster.protobuf.Frames;
import fyr.cluster.protobuf.Message;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A watch in protobuf. */
final class ProtobufFrames implements WatchStream {

    private final InputStream in;
    private final Frames frames;
    private final boolean compressed;

    ProtobufFrames(InputStream in, Message object, boolean compressed) {
        this.in = in;
        this.compressed = compressed;
        this.frames = new Frames(new BufferedInputStream(in, 16 << 10), object);
    }

    @Override
    public boolean compressed() {
        return compressed;
    }

    @Override
    public Optional<byte[]> next() throws IOException {
        return frames.next();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
