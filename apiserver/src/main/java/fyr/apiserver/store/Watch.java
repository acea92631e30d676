package fyr.apiserver.store;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** One watcher's place in the history of a kind. Not thread-safe: one thread polls it. */
public final class Watch {
    private final Store store;
    private final Resource resource;
    private final String namespace;
    private final Selector selector;
    private List<WatchEvent> initial;
    private long seen;

    private Watch(
            Store store, Resource resource, String namespace, Selector selector, List<WatchEvent> initial, long seen) {
        this.store = store;
        this.resource = resource;
        this.namespace = namespace;
        this.selector = selector;
        this.initial = initial;
        this.seen = seen;
    }

    /** Begins with an {@code ADDED} for each object there is. */
    public static Watch ofAll(Store store, Resource resource, String namespace, Selector selector) {
        Store.Listing listing = store.list(resource, namespace, selector);
        List<WatchEvent> initial = listing.items().stream()
                .map(object -> new WatchEvent(WatchEvent.Type.ADDED, object))
                .toList();
        return new Watch(store, resource, namespace, selector, initial, listing.version());
    }

    /** Begins after a version; a 410 when that is no longer, or not yet, known. */
    public static Watch after(Store store, Resource resource, String namespace, Selector selector, long version) {
        if (version < store.forgotten(resource) || version > store.version()) {
            throw StatusException.expired(version, store.forgotten(resource));
        }
        return new Watch(store, resource, namespace, selector, List.of(), version);
    }

    /** The next events, in order; none when there were none in time. A 503 once the server has closed, a 410 when this watcher was too slow. */
    public List<WatchEvent> poll(Duration patience) throws InterruptedException {
        if (!initial.isEmpty()) {
            List<WatchEvent> first = initial;
            initial = List.of();
            return first;
        }
        List<Change> changes = store.changes(resource, seen, patience);
        List<WatchEvent> events = new ArrayList<>();
        for (Change change : changes) {
            event(change).ifPresent(events::add);
            seen = change.version();
        }
        return events;
    }

    /** The version up to which everything was heard; grows also while other kinds change. */
    public long settled() {
        if (initial.isEmpty()) {
            seen = store.settled(resource, seen);
        }
        return seen;
    }

    /** Whether the server has closed. */
    public boolean ended() {
        return store.closed();
    }

    /** An object that moves into or out of the selection is added or deleted, as far as this watcher can see. */
    private Optional<WatchEvent> event(Change change) {
        boolean was = change.before().filter(this::selects).isPresent();
        boolean is = change.after().filter(this::selects).isPresent();
        if (!was && !is) {
            return Optional.empty();
        }
        WatchEvent.Type type = !is ? WatchEvent.Type.DELETED : was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED;
        return Optional.of(new WatchEvent(type, change.object()));
    }

    private boolean selects(ObjectNode object) {
        return (namespace.isEmpty() || Json.namespace(object).equals(namespace)) && selector.matches(object);
    }
}
