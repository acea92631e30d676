package fyr.cluster.client;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A stream of gzip members (RFC 1952) that arrive over time: the API server ends one each time it flushes a streaming list. The JDK's
 * GZIPInputStream takes a pause between two members for the end. For one reader.
 */
final class Gunzip extends InputStream {

    private static final int PIECE = 16 << 10;

    private final BufferedInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] piece = new byte[PIECE];
    private int given;
    private boolean within;

    /** Reads the first header, and fails if there is none. */
    Gunzip(InputStream in) throws IOException {
        this.in = new BufferedInputStream(in, PIECE);
        var _ = begins();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            while (length > 0 && (within || begins())) {
                int count = inflater.inflate(target, offset, length);
                if (count > 0) {
                    checksum.update(target, offset, count);
                    return count;
                }
                if (inflater.finished()) {
                    end();
                } else if (inflater.needsDictionary()) {
                    throw new IOException("gzip: a member with a dictionary");
                } else if (inflater.needsInput()) {
                    feed();
                }
            }
            return length == 0 ? 0 : -1;
        } catch (DataFormatException e) {
            throw new IOException("gzip: " + e.getMessage(), e);
        }
    }

    /** Reads the header of a member; false at the end of the stream. */
    private boolean begins() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        byte[] rest = in.readNBytes(9);
        if (rest.length < 9 || first != 0x1f || rest[0] != (byte) 0x8b || rest[1] != 8) {
            throw new IOException("gzip: not the beginning of a member");
        }
        if (rest[2] != 0) {
            throw new IOException("gzip: a member with extra fields, which no API server sends");
        }
        inflater.reset();
        checksum.reset();
        within = true;
        return true;
    }

    /** Bytes that the inflater does not use belong to what follows, and are read again. */
    private void feed() throws IOException {
        in.mark(PIECE);
        given = in.read(piece, 0, PIECE);
        if (given < 0) {
            throw new EOFException("gzip: cut off");
        }
        inflater.setInput(piece, 0, given);
    }

    private void end() throws IOException {
        in.reset();
        in.skipNBytes(given - inflater.getRemaining());
        byte[] trailer = in.readNBytes(8);
        if (trailer.length < 8) {
            throw new EOFException("gzip: cut off");
        }
        long claimed = 0;
        for (int i = 3; i >= 0; i--) {
            claimed = claimed << 8 | trailer[i] & 255;
        }
        if (claimed != checksum.getValue()) {
            throw new IOException("gzip: the checksum is wrong");
        }
        within = false;
    }

    /** Called by its reader: this frees memory that the collector does not manage. */
    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
