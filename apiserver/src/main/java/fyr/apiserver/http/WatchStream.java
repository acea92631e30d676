package fyr.apiserver.http;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.store.Store;
import fyr.apiserver.store.Watch;
import fyr.apiserver.store.WatchEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/** Answers one watch request: an endless body of JSON events, with bookmarks in between. One thread each. */
final class WatchStream {
    private static final Duration BOOKMARKS = Duration.ofSeconds(10);

    private final Watch watch;
    private final Resource resource;
    private final View view;
    private final Query query;
    private final OutputStream out;
    private boolean headed = true;

    WatchStream(Watch watch, Resource resource, View view, Query query, OutputStream out) {
        this.watch = watch;
        this.resource = resource;
        this.view = view;
        this.query = query;
        this.out = out;
    }

    /** Whether a request lists by watching (KEP-3157). */
    static boolean listsFirst(Query query) {
        return query.truth("sendInitialEvents");
    }

    static Watch open(Store store, Target target, Selector selector, Query query) {
        String version = query.text("resourceVersion");
        if (listsFirst(query) || version.isEmpty() || version.equals("0")) {
            boolean silent = query.isFalse("sendInitialEvents");
            Watch all = Watch.ofAll(store, target.stored(), target.namespace(), selector);
            return silent ? Watch.after(store, target.stored(), target.namespace(), selector, store.version()) : all;
        }
        long after = query.number("resourceVersion").orElse(0L);
        return Watch.after(store, target.stored(), target.namespace(), selector, after);
    }

    void run() throws IOException, InterruptedException {
        long seconds = query.number("timeoutSeconds")
                .filter(one -> one > 0)
                .orElse(ThreadLocalRandom.current().nextLong(1800, 3600));
        Instant end = Instant.now().plusSeconds(Math.min(seconds, 86_400));
        Instant bookmark = Instant.now().plus(BOOKMARKS);
        boolean bookmarks = query.truth("allowWatchBookmarks");
        try {
            if (listsFirst(query)) {
                write(watch.poll(Duration.ZERO));
                write(bookmark(true));
            }
            while (!watch.ended() && Instant.now().isBefore(end)) {
                Instant until = bookmark.isBefore(end) ? bookmark : end;
                Duration patience = Duration.between(Instant.now(), until);
                write(watch.poll(patience.isNegative() ? Duration.ZERO : patience));
                if (!Instant.now().isBefore(bookmark)) {
                    if (bookmarks) {
                        write(bookmark(false));
                    } else {
                        sign();
                    }
                    bookmark = Instant.now().plus(BOOKMARKS);
                }
            }
        } catch (StatusException refusal) {
            if (!watch.ended()) {
                out.write(line("ERROR", refusal.status()));
            }
        }
    }

    /** A blank between events, which no reader of JSON minds: without a write, a client that is gone would be noticed at the next event only. */
    private void sign() throws IOException {
        out.write('\n');
        out.flush();
    }

    private void write(List<WatchEvent> events) throws IOException {
        for (WatchEvent event : events) {
            out.write(line(event.type().name(), shown(event)));
        }
        if (!events.isEmpty()) {
            out.flush();
        }
    }

    private ObjectNode shown(WatchEvent event) {
        if (event.type() == WatchEvent.Type.BOOKMARK) {
            return event.object();
        }
        ObjectNode shown = view.one(resource, event.object(), headed, query.text("includeObject"));
        headed = false;
        return shown;
    }

    private List<WatchEvent> bookmark(boolean first) {
        ObjectNode object = Json.object().put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(watch.settled()));
        metadata.putNull("creationTimestamp");
        if (first) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return List.of(new WatchEvent(WatchEvent.Type.BOOKMARK, object));
    }

    private static byte[] line(String type, ObjectNode object) {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        return (Json.MAPPER.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
