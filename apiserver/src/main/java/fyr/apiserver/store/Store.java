package fyr.apiserver.store;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All objects and their recent history, in memory, under one lock and one growing version. A stored tree is never changed again. Safe on any thread.
 */
public final class Store {
    /** Nodes of JSON that the history of a kind may hold, at some 60 bytes each: a few thousand changes of pods. */
    private static final long HEAVIEST = 300_000;

    /** Changes of a kind kept for watchers that come back; older versions get a 410. */
    private final int capacity;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Resource, Feed> feeds = new HashMap<>();
    private final Map<String, Key> byUid = new HashMap<>();
    private final Map<String, Set<Key>> byOwner = new HashMap<>();
    private final long first;
    private long version;
    private boolean closed;

    /** Where an object lives; namespace empty for kinds without one. */
    public record Key(Resource resource, String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byKind = resource.compareTo(other.resource);
            int bySpace = byKind != 0 ? byKind : namespace.compareTo(other.namespace);
            return bySpace != 0 ? bySpace : name.compareTo(other.name);
        }
    }

    /** What a list answers. */
    public record Listing(List<ObjectNode> items, long version) {}

    private static final class Feed {
        final TreeMap<Key, ObjectNode> objects = new TreeMap<>();
        final ArrayDeque<Change> history = new ArrayDeque<>();
        final Condition grown;
        long forgotten;
        long weight;

        Feed(Condition grown) {
            this.grown = grown;
        }
    }

    /** Versions before the first one are unknown here, so that watchers of an earlier run list again. */
    public Store(int capacity, long first) {
        this.capacity = capacity;
        this.version = first;
        this.first = first;
    }

    /** Runs the action alone: nothing changes meanwhile but what it changes itself. Nests. */
    <T> T alone(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    Optional<ObjectNode> find(Key key) {
        return alone(() -> Optional.ofNullable(feed(key.resource()).objects.get(key)));
    }

    /** All objects of a kind in a namespace (empty: in all) that are selected, by namespace and name. */
    public Listing list(Resource resource, String namespace, Selector selector) {
        return alone(() -> {
            List<ObjectNode> found = new ArrayList<>();
            for (var entry : range(resource, namespace).entrySet()) {
                if (selector.matches(entry.getValue())) {
                    found.add(entry.getValue());
                }
            }
            return new Listing(found, version);
        });
    }

    /** The objects of a kind as they were at a version; empty when the history does not reach back, or has not come, that far. */
    public Optional<Map<Key, ObjectNode>> at(Resource resource, long then) {
        return alone(() -> {
            Feed feed = feed(resource);
            if (then < feed.forgotten || then > version) {
                return Optional.empty();
            }
            Map<Key, ObjectNode> objects = new TreeMap<>(feed.objects);
            for (Change change : feed.history.reversed()) {
                if (change.version() <= then) {
                    break;
                }
                Key key = Registry.key(resource, Json.namespace(change.object()), Json.name(change.object()));
                change.before().ifPresentOrElse(before -> objects.put(key, before), () -> objects.remove(key));
            }
            return Optional.of(objects);
        });
    }

    private Map<Key, ObjectNode> range(Resource resource, String namespace) {
        TreeMap<Key, ObjectNode> objects = feed(resource).objects;
        return namespace.isEmpty()
                ? objects
                : objects.subMap(new Key(resource, namespace, ""), new Key(resource, namespace + "\0", ""));
    }

    /** Stores the tree (which must not be changed afterwards) under a new version, and returns what was stored. */
    ObjectNode put(Key key, ObjectNode object) {
        return alone(() -> {
            ObjectNode stored = stamped(object, ++version);
            ObjectNode before = feed(key.resource()).objects.put(key, stored);
            index(key, Optional.ofNullable(before), Optional.of(stored));
            record(key.resource(), new Change(version, Optional.ofNullable(before), Optional.of(stored)));
            return stored;
        });
    }

    /** Removes an object if it is there. */
    Optional<ObjectNode> remove(Key key) {
        return alone(() -> {
            ObjectNode before = feed(key.resource()).objects.remove(key);
            if (before == null) {
                return Optional.empty();
            }
            Change change = new Change(++version, Optional.of(before), Optional.empty());
            index(key, change.before(), Optional.empty());
            record(key.resource(), change);
            return Optional.of(change.object());
        });
    }

    /** The key of the object with this uid. */
    Optional<Key> withUid(String uid) {
        return alone(() -> Optional.ofNullable(byUid.get(uid)));
    }

    /** The objects that name this uid as an owner. */
    List<Key> ownedBy(String uid) {
        return alone(() -> List.copyOf(byOwner.getOrDefault(uid, Set.of())));
    }

    /** The newest version of all kinds. */
    public long version() {
        return alone(() -> version);
    }

    /** The version before which the history of a kind is forgotten. */
    long forgotten(Resource resource) {
        return alone(() -> feed(resource).forgotten);
    }

    /**
     * Changes of a kind after a version, in order; waits for the first one. Empty when none came in time; a 503 once closed; a 410 when the history does not reach back
     * that far.
     */
    List<Change> changes(Resource resource, long after, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Feed feed = feed(resource);
            long left = patience.toNanos();
            while (!closed
                    && left > 0
                    && (feed.history.isEmpty() || feed.history.getLast().version() <= after)) {
                left = feed.grown.awaitNanos(left);
            }
            if (closed) {
                throw StatusException.of(503, "ServiceUnavailable", "the server has closed");
            }
            if (after < feed.forgotten) {
                throw StatusException.expired(after, feed.forgotten);
            }
            ArrayDeque<Change> found = new ArrayDeque<>();
            for (var backwards = feed.history.descendingIterator(); backwards.hasNext(); ) {
                Change change = backwards.next();
                if (change.version() <= after) {
                    break;
                }
                found.addFirst(change);
            }
            return List.copyOf(found);
        } finally {
            lock.unlock();
        }
    }

    /** The newest version if a watcher that has seen this one has missed nothing of the kind; otherwise the one it has seen. */
    long settled(Resource resource, long seen) {
        return alone(() -> {
            Feed feed = feed(resource);
            return feed.history.isEmpty() || feed.history.getLast().version() <= seen
                    ? Long.valueOf(version)
                    : Long.valueOf(seen);
        });
    }

    /** Ends all waiting. */
    public void close() {
        alone(() -> {
            closed = true;
            feeds.values().forEach(feed -> feed.grown.signalAll());
            return closed;
        });
    }

    boolean closed() {
        return alone(() -> closed);
    }

    private Feed feed(Resource resource) {
        return feeds.computeIfAbsent(resource.stored(), _ -> {
            Feed feed = new Feed(lock.newCondition());
            feed.forgotten = first;
            return feed;
        });
    }

    private void record(Resource resource, Change change) {
        Feed feed = feed(resource);
        feed.history.addLast(change);
        feed.weight += change.weight();
        while (feed.history.size() > capacity || feed.weight > HEAVIEST) {
            Change oldest = feed.history.removeFirst();
            feed.weight -= oldest.weight();
            feed.forgotten = oldest.version();
        }
        feed.grown.signalAll();
    }

    private void index(Key key, Optional<ObjectNode> before, Optional<ObjectNode> after) {
        before.ifPresent(object -> {
            byUid.remove(Json.uid(object));
            for (JsonNode owner : Json.items(object, "metadata", "ownerReferences")) {
                byOwner.computeIfPresent(Json.text(owner, "uid"), (uid, keys) -> {
                    keys.remove(key);
                    return keys.isEmpty() ? null : keys;
                });
            }
        });
        after.ifPresent(object -> {
            byUid.put(Json.uid(object), key);
            for (JsonNode owner : Json.items(object, "metadata", "ownerReferences")) {
                byOwner.computeIfAbsent(Json.text(owner, "uid"), uid -> new TreeSet<>())
                        .add(key);
            }
        });
    }

    /** A copy that shares all but its metadata, with this resource version. */
    static ObjectNode stamped(ObjectNode object, long version) {
        ObjectNode copy = Json.object();
        copy.setAll(object);
        ObjectNode metadata = Json.object();
        if (object.get("metadata") instanceof ObjectNode old) {
            metadata.setAll(old);
        }
        metadata.put("resourceVersion", Long.toString(version));
        copy.set("metadata", metadata);
        return copy;
    }
}
