package fyr.bgp.rib;

import fyr.bgp.path.Community;
import fyr.bgp.path.PathAttributes;
import org.jspecify.annotations.Nullable;

/** One path to a destination, as a source announced it. It belongs to one {@link RouteTable}. */
public final class Path {

    /** Whether the session that the path came from is still the one that it was announced in (RFC 4724, RFC 9494). */
    public enum Age {
        /** Announced in the present session. */
        FRESH,
        /** Kept while the peer restarts. */
        STALE,
        /** Kept beyond the restart time; any other path is better. */
        LONG_STALE
    }

    private final Source source;
    private final int receivedId;
    private final int localId;
    private final PathAttributes received;
    private final @Nullable PathAttributes accepted;
    private Age age = Age.FRESH;

    Path(Source source, int receivedId, int localId, PathAttributes received, @Nullable PathAttributes accepted) {
        this.source = source;
        this.receivedId = receivedId;
        this.localId = localId;
        this.received = received;
        this.accepted = accepted;
    }

    public Source source() {
        return source;
    }

    /** The identifier that the source gave the path; 0 if it gave none. */
    public int receivedId() {
        return receivedId;
    }

    /** The identifier that peers are told (RFC 7911 section 2); from 1, unique among the paths of the destination. */
    public int localId() {
        return localId;
    }

    /** What the source said. */
    public PathAttributes received() {
        return received;
    }

    /** Whether the path may be used: an import rule may have rejected it. */
    public boolean isAccepted() {
        return accepted != null;
    }

    /** What the path is judged by and passed on with, after the import rules. Only of an accepted path. */
    public PathAttributes attributes() {
        if (accepted == null) {
            throw new IllegalStateException("the path was rejected");
        }
        return accepted;
    }

    /** Whether the same was said about the path, and the same became of it. */
    boolean is(PathAttributes otherReceived, @Nullable PathAttributes otherAccepted) {
        return received.equals(otherReceived)
                && (accepted == null ? otherAccepted == null : accepted.equals(otherAccepted));
    }

    /** This path as it is known when it has been kept beyond the restart time: with the community LLGR_STALE (RFC 9494 section 4.2). */
    Path longStale() {
        PathAttributes marked = accepted == null
                ? null
                : accepted.change().add(Community.LLGR_STALE).build();
        Path kept = new Path(source, receivedId, localId, received, marked);
        kept.age = Age.LONG_STALE;
        return kept;
    }

    public Age age() {
        return age;
    }

    void age(Age now) {
        age = now;
    }
}
