package fyr.cluster.client;

import fyr.cluster.access.Access;
import fyr.cluster.access.AccessException;
import fyr.cluster.access.AccessSource;
import java.util.Optional;

/** The connection in use, and what takes its place. Safe on any thread: all watches find out at the same time that a line is dead. */
final class CurrentConnection implements AutoCloseable {

    private final AccessSource source;
    private volatile Connection current;
    private boolean closed;

    CurrentConnection(AccessSource source) {
        this.source = source;
        this.current = Connection.open(source.read());
    }

    Connection get() {
        return current;
    }

    /** Another connection with the same credentials, if this one is still in use. */
    void replace(Connection dead) {
        try {
            var _ = swap(dead, dead.access());
        } catch (AccessException e) {
            return; // half-written credentials: this one stays until they are whole
        }
    }

    /** A connection other than this, if somebody made one already or the source says by now where else to go or with what. */
    Optional<Connection> other(Connection failed) {
        Connection now = current;
        if (now != failed) {
            return Optional.of(now);
        }
        try {
            Access access = source.read();
            boolean same =
                    access.equals(failed.access()) && access.token().value().equals(failed.token());
            return same ? Optional.empty() : Optional.of(swap(failed, access));
        } catch (AccessException e) {
            return Optional.empty(); // half-written files: the failure stands until they are whole
        }
    }

    /**
     * The old one is not shut down: somebody may be about to send on it, who would be told that it is closed. What runs on it ends by itself,
     * idle lines after the JDK's 30 seconds, and the client itself once nobody refers to it.
     */
    private synchronized Connection swap(Connection old, Access access) {
        if (current == old && !closed) {
            current = Connection.open(access);
        }
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.http().shutdownNow();
    }
}
