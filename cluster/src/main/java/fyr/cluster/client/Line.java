package fyr.cluster.client;

import java.time.Duration;

/**
 * What is known of the line to the server: when it last brought anything, and whether it is dead. A server that lost its power, or a
 * network that loses everything, closes no connection, and TCP does not notice on the side that only listens. Safe on any thread.
 */
final class Line {

    private volatile long heard = System.nanoTime();
    private boolean dead;

    /** Asks the server for a sign of life. */
    @FunctionalInterface
    interface Ping {
        /** Whether an answer came in this time. */
        boolean answered(Duration patience) throws InterruptedException;
    }

    /** Bytes came. */
    void heard() {
        heard = System.nanoTime();
    }

    /**
     * Whether the server is still there. It is asked only if nothing came for as long as {@code quiet}, once for all who want to know, and
     * has twice that time to answer. Once dead, a line stays dead.
     */
    synchronized boolean isAlive(Duration quiet, Ping ping) throws InterruptedException {
        long before = heard;
        if (dead || System.nanoTime() - before < quiet.toNanos()) {
            return !dead;
        }
        if (ping.answered(quiet.multipliedBy(2))) {
            heard();
        }
        dead = heard == before;
        return !dead;
    }
}
