package fyr.cluster.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A stream that is closed when a reader has waited for longer than {@code patience}, or waits for a server that gives no sign of life: a
 * server that lost its power says nothing, and TCP alone would wait for ever. A slow reader is not held against the server. One virtual
 * thread watches while the stream is open.
 */
final class GuardedStream extends FilterInputStream {

    private static final long NOT_WAITING = Long.MIN_VALUE;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Duration patience;
    private final Sender sender;
    private final Thread guard;
    private volatile long waitingSince = NOT_WAITING;
    private volatile boolean silent;

    /** Who sends the bytes. */
    interface Sender {
        /** Bytes came. */
        void heard();

        /** Whether it is still there; may take a while. */
        boolean isAlive() throws InterruptedException;

        /** The stream is given up. */
        void lost();
    }

    GuardedStream(InputStream in, Duration patience, Sender sender) {
        super(in);
        this.patience = patience;
        this.sender = sender;
        this.guard = Thread.ofVirtual().name("api-silence").start(this::guard);
    }

    private void guard() {
        try {
            Duration quarter = patience.dividedBy(4);
            while (!silentNow() && !abandoned()) {
                Thread.sleep(quarter.compareTo(LONGEST_PAUSE) < 0 ? quarter : LONGEST_PAUSE);
            }
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed by its reader
        } catch (IOException | RuntimeException e) {
            silent = true; // the reader is told so in any case; what ails the connection its next request will say
        }
    }

    /** However telling ends (credentials may be half-written at this moment), the reader must not wait for ever. */
    private void end() throws IOException {
        silent = true;
        try {
            sender.lost();
        } finally {
            in.close();
        }
    }

    private boolean abandoned() throws InterruptedException {
        long since = waitingSince;
        // Asking takes a while: the reader that waits now must be the one that waited before.
        return since != NOT_WAITING && !sender.isAlive() && waitingSince == since;
    }

    private boolean silentNow() {
        long since = waitingSince;
        return since != NOT_WAITING && System.nanoTime() - since > patience.toNanos();
    }

    private Duration waited() {
        return Duration.ofNanos(System.nanoTime() - waitingSince);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            int count = in.read(bytes, offset, length);
            if (count < 0 && silent) {
                throw new IOException("closed");
            }
            sender.heard();
            return count;
        } catch (IOException e) {
            throw silent ? new IOException("no word for " + waited().toSeconds() + " s", e) : e;
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    @Override
    public void close() throws IOException {
        guard.interrupt();
        in.close();
    }
}
