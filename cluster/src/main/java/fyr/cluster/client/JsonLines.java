package fyr.cluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** A watch in JSON, with one document on each line. For one reader; may be closed from any thread. */
final class JsonLines implements WatchStream {

    private static final int LONGEST_LINE = 64 << 20; // far beyond etcd's limit of 1.5 MiB for an object
    private static final int USUAL_LINE = 64 << 10;

    private final InputStream in;
    private final boolean compressed;
    private byte[] buffer = new byte[16 << 10];
    private int from;
    private int to;

    JsonLines(InputStream in, boolean compressed) {
        this.in = in;
        this.compressed = compressed;
    }

    @Override
    public boolean compressed() {
        return compressed;
    }

    /** The next line without its line end. */
    @Override
    public Optional<byte[]> next() throws IOException {
        int scanned = from;
        while (true) {
            for (; scanned < to; scanned++) {
                if (buffer[scanned] == '\n') {
                    byte[] line = Arrays.copyOfRange(buffer, from, scanned);
                    from = scanned + 1;
                    return Optional.of(line);
                }
            }
            int before = from;
            if (!fill()) {
                return rest();
            }
            scanned -= before - from; // the bytes may have moved
        }
    }

    private Optional<byte[]> rest() {
        byte[] rest = Arrays.copyOfRange(buffer, from, to);
        from = to;
        return rest.length == 0 ? Optional.empty() : Optional.of(rest);
    }

    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == 0 && buffer.length > USUAL_LINE) {
            buffer = new byte[USUAL_LINE]; // one huge object must not occupy memory for ever
        } else if (to == buffer.length) {
            if (to >= LONGEST_LINE) {
                throw new IOException("a watch event longer than " + LONGEST_LINE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * to);
        }
        int count = in.read(buffer, to, buffer.length - to);
        to += Math.max(count, 0);
        return count >= 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
