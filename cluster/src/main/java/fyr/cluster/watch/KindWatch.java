package fyr.cluster.watch;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;
import fyr.cluster.client.WatchStream;
import fyr.cluster.protobuf.MalformedProtobufException;
import fyr.cluster.read.Event;
import fyr.cluster.read.Fault;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Follows one kind for as long as its thread lives: reads all objects, watches from that version, resumes from the last version after every
 * interruption, and reads all objects again only when the server has forgotten that version (410). What it has read stays valid until the
 * server says otherwise.
 *
 * <p>All objects are read at the beginning of a watch (KEP-3157); from servers without that, as a list. The first read is consistent: an
 * old answer from one server's cache could lack what another server has told our predecessor, and whoever gets a snapshot may delete what
 * it does not mention. Servers from 1.31 on answer that from their cache too (KEP-2340). Later, a cache is good enough if it has everything
 * that we have read.
 */
public final class KindWatch<K, V> implements Runnable {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");

    /**
     * Waits before reading everything again: thousands of agents lose their versions together, and the server's cost for each is
     * proportional to the number of objects.
     */
    private static final Duration PER_OBJECT = Duration.ofMillis(1);
    /**
     * The longest pause while nobody is there: an attempt costs the server nothing, and an agent that waits for longer does not know what
     * happened long after the server is back.
     */
    private static final Duration ABSENT = Duration.ofSeconds(5);
    /** After this many consecutive answers that make no sense, the version that we continue from is in doubt. */
    private static final int SUSPICIOUS = 5;

    private final Kind<K, V> kind;
    private final ApiClient client;
    private final Function<K, Optional<V>> known;
    private final Consumer<Change<K, V>> changes;
    private final Consumer<Observation> observer;
    private final Pace pace;
    private final Backoff backoff;
    private final KindReader<K, V> reader;
    private final Paths paths;

    private final Backoff expiries;
    private final Complaints<K> complaints;
    private Optional<String> version = Optional.empty();
    /** The last version that was read: nothing older may replace what is known. */
    private Optional<String> heard = Optional.empty();

    private int objects;
    private boolean streams;
    private boolean paged;
    private boolean connected;
    private boolean missing;
    private Optional<String> outage = Optional.empty();
    private int nonsense;
    private volatile Instant lastWord;

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
        this.lastWord = pace.clock().instant();
        this.backoff = new Backoff(pace.first(), pace.longest(), pace.random());
        this.expiries = new Backoff(pace.first(), pace.longest(), pace.random());
        this.complaints = new Complaints<>(kind.name(), observer);
        this.reader = new KindReader<>(kind);
        this.paths = new Paths(kind.path());
        this.streams = !paths.selective();
        this.paged = !paths.selective();
    }

    /** When the server last told us anything of this kind, be it that nothing happened; before the first list, when this began. From any thread. */
    public Instant lastWord() {
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

    /** Withdraws what it complained of; on its thread, when it has ended and others go on: nobody would do so later. */
    public void withdraw() {
        complaints.only(Set.of());
    }

    /** A watch must not die, not even of an observer that throws. An Error is nothing to live on with: it ends the thread, and the agent. */
    private void guarded() throws InterruptedException {
        try {
            step();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "watch of " + kind.name() + ": failed; continuing after a pause", e);
            pace.pause().pause(backoff.next());
        }
    }

    /** One list or one watch, to its end; any failure is followed by a pause. */
    private void step() throws InterruptedException {
        try {
            if (version.isEmpty() && !(streams && stream())) {
                list();
            }
            if (version.isPresent()) {
                watch(version.get());
            }
        } catch (ApiException e) {
            refused(e);
        } catch (UnreachableException e) {
            lost(String.valueOf(e.getMessage()), false, backoff.next(e.nobodyThere() ? ABSENT : pace.longest()));
        } catch (IOException | RuntimeException e) {
            boolean senseless =
                    e instanceof tools.jackson.core.JacksonException || e instanceof MalformedProtobufException;
            lost(String.valueOf(e.getMessage()), senseless, backoff.next());
        }
    }

    private void refused(ApiException e) throws InterruptedException {
        if (kind.optional() && version.isEmpty() && (e.status() == 403 || e.status() == 404)) {
            absent(e);
            return;
        }
        if (!e.expired()) {
            boolean senseless = e.status() == 400 || e.status() == 500 || e.status() == 504;
            // More than what the server named to all agents, so that they do not all come at the same second.
            Duration pause = e.retryAfter().orElse(Duration.ZERO).plus(backoff.next());
            lost(e.status() + " " + e.getMessage(), senseless, pause);
            return;
        }
        paged &= version.isPresent(); // if the continuation of a page expired, the next list is read in one piece
        version = Optional.empty();
        Duration pause = spread();
        Duration again = expiries.next();
        pace.pause()
                .pause(expiries.failures() > 1 ? pause.plus(again) : pause); // once is no problem, we were only slow
    }

    /** The kind does not exist here, or not for us: that is known as well as a list. It is looked for again, because it may come. */
    private void absent(ApiException e) throws InterruptedException {
        lastWord = pace.clock().instant();
        if (!missing) {
            missing = true;
            LOG.log(Level.INFO, "{0} is not followed: {1}", kind.name(), String.valueOf(e.getMessage()));
            changes.accept(new Change.Replaced<>(Map.of(), Map.of()));
        }
        pace.pause().pause(backoff.next());
    }

    /** A random time up to a maximum that depends on the size of the list. */
    private Duration spread() {
        Duration most = PER_OBJECT.multipliedBy(objects);
        long nanoseconds = (most.compareTo(pace.longest()) > 0 ? pace.longest() : most).toNanos();
        return Duration.ofNanos(pace.random().nextLong(nanoseconds + 1));
    }

    private void lost(String reason, boolean senseless, Duration after) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        Duration pause = after;
        nonsense = senseless ? nonsense + 1 : nonsense;
        if (nonsense >= SUSPICIOUS) {
            version = Optional.empty();
            heard = Optional.empty(); // etcd may have been replaced, and its versions begin again
            nonsense = 0;
            pause = pause.plus(expiries.next());
        }
        tell(reason.lines().findFirst().orElse(""));
        pace.pause().pause(pause);
    }

    /** Reports each reason of an outage, not only the first: a server that was unreachable may be back and refuse access. */
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

    /**
     * Reads all objects at the beginning of a watch, and continues with that watch if possible; false if the server does not support this.
     */
    private boolean stream() throws IOException, InterruptedException {
        Optional<WatchStream> opened = streaming();
        if (opened.isEmpty()) {
            return false;
        }
        try (WatchStream stream = opened.get()) {
            Event.Bookmark<K, V> end = initial(stream);
            streams = end.listed(); // if not: the server does not know this kind of request, and never will
            if (streams && !stream.compressed()) {
                running(end.version());
                follow(stream);
            }
            return streams;
        }
    }

    private Optional<WatchStream> streaming() {
        try {
            return Optional.of(client.list(paths.stream(heard, seconds()), kind.message()));
        } catch (ApiException e) {
            if (e.status() == 400 || e.status() == 422) {
                return Optional.empty(); // a feature gate of the server is off; it may be on when we ask again
            }
            throw e;
        }
    }

    /** Reads everything before the first bookmark, which marks the end; what changes meanwhile arrives as events. */
    private Event.Bookmark<K, V> initial(WatchStream stream) throws IOException {
        Listing<K, V> listing = new Listing<>(known, complaints);
        for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
            if (line.get().length > 0) {
                switch (reader.event(line.get())) {
                    case Event.Changed<K, V>(Reading<K, V> reading, String _) -> listing.add(reading);
                    case Event.Deleted<K, V>(K key, String _) -> listing.remove(key);
                    case Event.Failed<K, V>(ApiException status) -> throw status;
                    case Event.Bookmark<K, V> end -> {
                        if (end.listed()) {
                            listed(listing, end.version());
                        }
                        return end;
                    }
                }
            }
        }
        throw new IOException("a streaming list was cut off");
    }

    private void list() throws IOException {
        Listing<K, V> listing = new Listing<>(known, complaints);
        Optional<String> next = Optional.empty();
        String listed;
        do {
            try (InputStream body = client.open(listPath(next), kind.message())) {
                KindReader.Page page = reader.list(body, listing::add);
                next = page.next();
                listed = page.version();
            }
        } while (next.isPresent());
        paged = !paths.selective();
        listed(listing, listed);
    }

    private String listPath(Optional<String> next) {
        if (heard.isPresent() && next.isEmpty()) {
            return paths.cached(heard.get());
        }
        return paged ? paths.page(next) : paths.whole(next);
    }

    private void listed(Listing<K, V> listing, String now) throws IOException {
        if (now.isEmpty()) {
            throw new IOException("a list without resourceVersion");
        }
        objects = listing.size();
        missing = false;
        changes.accept(listing.done());
        lastWord = pace.clock().instant();
        seen(now);
        backoff.reset(); // the server is back; a version that expires repeatedly has a pause of its own
    }

    private long seconds() {
        long shortest = pace.watch().toSeconds();
        return shortest + Math.floorMod(pace.random().nextLong(), shortest);
    }

    private void watch(String from) throws IOException, InterruptedException {
        try (WatchStream stream = client.watch(paths.watch(from, seconds()), kind.message())) {
            running(from);
            follow(stream);
        }
    }

    private void follow(WatchStream stream) throws IOException, InterruptedException {
        boolean spoke = false;
        for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
            if (line.get().length > 0) {
                event(reader.event(line.get()));
                lastWord = pace.clock().instant();
                backoff.reset();
                expiries.reset();
                nonsense = 0;
                spoke = true;
            }
        }
        if (!spoke) {
            pace.pause().pause(backoff.next()); // a server that disconnects at once must not be called in a loop
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
            case Event.Bookmark<K, V>(String now, boolean _) -> seen(now);
            case Event.Failed<K, V>(ApiException status) -> throw status;
        }
    }

    private void changed(Reading<K, V> reading) {
        switch (reading) {
            case Reading.Valid<K, V>(K key, V value) -> {
                complaints.none(key);
                changes.accept(new Change.Upserted<>(key, value));
            }
            case Reading.Partial<K, V>(K key, V value, List<Fault> faults) -> {
                complaints.about(key, faults);
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
            heard = version;
        }
    }
}
