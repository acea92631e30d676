package fyr.cluster.watch;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.WatchStream;
import fyr.cluster.read.Event;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Follows one kind for as long as its thread lives: lists, watches from there, watches on from the last version after every break, and
 * lists again only when the server has forgotten that version (410). What it heard stays true until the server says otherwise.
 *
 * <p>Lists are consistent reads in pages: no {@code resourceVersion}, because an old answer out of one server's cache could lack what
 * another one has told us already, and whoever gets a snapshot may delete what it does not mention. Servers from 1.31 on answer such reads from their cache too (KEP-2340).
 */
public final class KindWatch<K, V> implements Runnable {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");

    private static final int PAGE = 500;
    /** So many answers in a row that make no sense, and the version we continue from is suspected. */
    private static final int SUSPICIOUS = 5;

    private final Kind<K, V> kind;
    private final ApiClient client;
    private final Function<K, Optional<V>> known;
    private final Consumer<Change<K, V>> changes;
    private final Consumer<Observation> observer;
    private final Pace pace;
    private final Backoff backoff;
    private final KindReader<K, V> reader;

    private final Backoff expiries;
    private final Complaints<K> complaints;
    private Optional<String> version = Optional.empty();
    private boolean paged = true;
    private boolean connected;
    private Optional<String> outage = Optional.empty();
    private int nonsense;
    private volatile Optional<Instant> lastWord = Optional.empty();

    /**
     * A watch to be run on a thread of its own, which is interrupted to end it.
     *
     * @param known the object now known by a key; an equal new one is dropped while it is still young
     * @param changes called on the watch's thread, in order
     */
    public KindWatch(
            Kind<K, V> kind,
            ApiClient client,
            Function<K, Optional<V>> known,
            Consumer<Change<K, V>> changes,
            Consumer<Observation> observer,
            Pace pace) {
        this.kind = kind;
        this.client = client;
        this.known = known;
        this.changes = changes;
        this.observer = observer;
        this.pace = pace;
        this.backoff = new Backoff(pace.first(), pace.longest(), pace.random());
        this.expiries = new Backoff(pace.first(), pace.longest(), pace.random());
        this.complaints = new Complaints<>(kind.name(), observer);
        this.reader = new KindReader<>(kind);
    }

    /** When the server last told us anything of this kind, be it that nothing happened; empty before the first list. From any thread. */
    public Optional<Instant> lastWord() {
        return lastWord;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                guarded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A watch must not die, not even of an observer that throws. An Error is nothing to live on with: it ends the thread, and the agent. */
    private void guarded() throws InterruptedException {
        try {
            step();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "watch of " + kind.name() + ": goes on after a pause", e);
            pace.pause().pause(backoff.next());
        }
    }

    /** One list or one watch, to its end; whatever goes wrong is answered by a pause. */
    private void step() throws InterruptedException {
        try {
            if (version.isEmpty()) {
                version = Optional.of(list());
            }
            watch(version.get());
        } catch (ApiException e) {
            refused(e);
        } catch (IOException | RuntimeException e) {
            lost(String.valueOf(e.getMessage()), e instanceof tools.jackson.core.JacksonException, Duration.ZERO);
        }
    }

    private void refused(ApiException e) throws InterruptedException {
        if (!e.expired()) {
            boolean senseless = e.status() == 400 || e.status() == 500 || e.status() == 504;
            lost(e.status() + " " + e.getMessage(), senseless, e.retryAfter().orElse(Duration.ZERO));
            return;
        }
        paged = version.isPresent(); // if it was a page's continuation that expired: the next list in one piece
        version = Optional.empty();
        Duration pause = expiries.next();
        if (expiries.failures() > 1) {
            pace.pause().pause(pause); // the first time at once: nothing is wrong, we were only slow
        }
    }

    private void lost(String reason, boolean senseless, Duration atLeast) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        Duration pause = atLeast.plus(backoff.next()); // not all agents at the second that the server named to all
        nonsense = senseless ? nonsense + 1 : nonsense;
        if (nonsense >= SUSPICIOUS) {
            version = Optional.empty();
            nonsense = 0;
            pause = pause.plus(expiries.next());
        }
        tell(reason.lines().findFirst().orElse(""));
        pace.pause().pause(pause);
    }

    /** Each reason of an outage, not only the first: the server that was away may be back and not let us in. */
    private void tell(String reason) {
        Optional<String> before = outage;
        outage = Optional.of(reason);
        connected = false;
        if (before.isEmpty()) {
            observer.accept(new Observation.WatchChanged(kind.name(), false, reason));
        } else if (!before.get().equals(reason)) {
            observer.accept(new Observation.WatchStillLost(kind.name(), reason));
        }
    }

    private String list() throws IOException {
        Listing<K, V> listing = new Listing<>(known, complaints);
        Optional<String> next = Optional.empty();
        String listed;
        do {
            try (InputStream body = client.open(listPath(next))) {
                KindReader.Page page = reader.list(body, listing::add);
                next = page.next();
                listed = page.version();
            }
        } while (next.isPresent());
        if (listed.isEmpty()) {
            throw new IOException("a list without resourceVersion");
        }
        paged = true;
        changes.accept(listing.done());
        lastWord = Optional.of(pace.clock().instant());
        backoff.reset(); // the server is back; a version that expires again and again has a pause of its own
        return listed;
    }

    private String listPath(Optional<String> next) {
        String first = paged ? kind.path() + "?limit=" + PAGE : kind.path();
        return next.map(n -> first + (paged ? "&" : "?") + "continue=" + encode(n))
                .orElse(first);
    }

    private void watch(String from) throws IOException, InterruptedException {
        long shortest = pace.watch().toSeconds();
        long seconds = shortest + Math.floorMod(pace.random().nextLong(), shortest);
        String path = kind.path() + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds
                + "&resourceVersion=" + encode(from);
        boolean heard = false;
        try (WatchStream stream = client.watch(path)) {
            running(from);
            for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
                if (line.get().length > 0) {
                    event(reader.event(line.get()));
                    lastWord = Optional.of(pace.clock().instant());
                    backoff.reset();
                    expiries.reset();
                    nonsense = 0;
                    heard = true;
                }
            }
        }
        if (!heard) {
            pace.pause().pause(backoff.next()); // a server that hangs up at once must not be called in a loop
        }
    }

    private void running(String from) {
        outage = Optional.empty();
        if (!connected) {
            connected = true;
            observer.accept(new Observation.WatchChanged(kind.name(), true, "from version " + from));
        }
    }

    private void event(Event<K, V> event) {
        switch (event) {
            case Event.Changed<K, V>(Reading<K, V> reading, String now) -> {
                changed(reading);
                seen(now);
            }
            case Event.Deleted<K, V>(K key, String now) -> {
                complaints.none(key);
                changes.accept(new Change.Removed<>(key));
                seen(now);
            }
            case Event.Bookmark<K, V>(String now) -> seen(now);
            case Event.Failed<K, V>(ApiException status) -> throw status;
        }
    }

    private void changed(Reading<K, V> reading) {
        switch (reading) {
            case Reading.Valid<K, V>(K key, V value) -> {
                complaints.none(key);
                changes.accept(new Change.Upserted<>(key, value));
            }
            case Reading.Partial<K, V>(K key, V value, String field, String what) -> {
                complaints.about(key, field, what);
                changes.accept(new Change.Upserted<>(key, value));
            }
            case Reading.Foreign<K, V>(K key) -> {
                complaints.none(key);
                changes.accept(new Change.Removed<>(key));
            }
            case Reading.Invalid<K, V>(K key, String field, String what) -> {
                complaints.about(key, field, what);
                changes.accept(new Change.Removed<>(key));
            }
            case Reading.Doubtful<K, V>(K key, Optional<V> standIn, String field, String what) -> {
                complaints.about(key, field, what + Complaints.notEnforced(standIn));
                changes.accept(new Change.Doubtful<>(key, standIn));
            }
        }
    }

    private void seen(String now) {
        if (!now.isEmpty()) {
            version = Optional.of(now);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
