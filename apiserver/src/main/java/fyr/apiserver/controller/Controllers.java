package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.WatchEvent;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs the scheduler and all controllers: one virtual thread per watch puts work into one queue, and one worker processes it. End it with
 * {@link #close}.
 */
public final class Controllers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Controllers.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectClient client;
    private final InstantSource time;
    private final Recorder recorder;
    private final Cache cache = new Cache();
    private final WorkQueue queue = new WorkQueue();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    /** Nothing is done before every kind was listed once: objects that are not known yet must not look missing. */
    private final CountDownLatch unheard;

    private final Map<Work, Integer> failures = new HashMap<>();

    private Controllers(ObjectClient client, InstantSource time) {
        this.client = client;
        this.time = time;
        this.recorder = new Recorder(client, time);
        this.unheard = new CountDownLatch(
                (int) Kinds.ALL.stream().filter(Reconciliation::concerns).count());
    }

    /** Starts them all. */
    public static Controllers start(ObjectClient client) {
        Controllers controllers = new Controllers(client, InstantSource.system());
        for (Resource resource : Kinds.ALL) {
            if (Reconciliation.concerns(resource)) {
                controllers.run("watch-" + resource.plural(), () -> controllers.follow(resource));
            }
        }
        controllers.run("controllers", controllers::work);
        return controllers;
    }

    private interface Activity {
        void run() throws InterruptedException;
    }

    private void run(String name, Activity activity) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                activity.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Follows one kind; starts again when the watch is interrupted. */
    private void follow(Resource resource) throws InterruptedException {
        boolean first = true;
        while (!Thread.interrupted()) {
            try (ObjectWatch watch = client.watch(resource)) {
                List<WatchEvent> list = watch.poll(Duration.ZERO);
                list.forEach(event -> trigger(resource, event, cache.listed(resource, event)));
                list.forEach(event -> cache.heardUpTo(resource, Json.version(event.object())));
                if (first) {
                    unheard.countDown();
                    first = false;
                } else {
                    missed(resource, list);
                }
                while (!Thread.interrupted()) {
                    watch.poll(PATIENCE).forEach(event -> heard(resource, event));
                }
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "watch of " + resource.plural() + " broke: " + e.getMessage());
                Thread.sleep(Duration.ofMillis(500));
            }
        }
    }

    /** Objects that were deleted while nobody watched are not in the list of the next watch. */
    private void missed(Resource resource, List<WatchEvent> list) {
        Set<String> listed =
                list.stream().map(event -> Json.uid(event.object())).collect(Collectors.toSet());
        for (ObjectNode object : cache.unlisted(resource, listed)) {
            boolean there = client.find(resource, Json.namespace(object), Json.name(object))
                    .filter(one -> Json.uid(one).equals(Json.uid(object)))
                    .isPresent();
            if (!there) {
                cache.vanished(resource, object);
                Triggers.of(resource, Optional.of(object), object, cache).forEach(queue::add);
            }
        }
    }

    private void heard(Resource resource, WatchEvent event) {
        trigger(resource, event, cache.accept(resource, event));
    }

    private void trigger(Resource resource, WatchEvent event, Optional<ObjectNode> before) {
        if (event.type() != WatchEvent.Type.BOOKMARK) {
            Triggers.of(resource, before, event.object(), cache).forEach(queue::add);
        }
    }

    private void work() throws InterruptedException {
        unheard.await();
        while (true) {
            Work work = queue.take();
            try {
                for (Write write : Reconciliation.writes(work, cache, time.instant())) {
                    recorded(write);
                }
                failures.remove(work);
            } catch (RuntimeException e) {
                retry(work, e);
            }
        }
    }

    /** Writes often lose against newer ones (409): the watch brings the newer form, and the work is done again. */
    private void retry(Work work, RuntimeException cause) {
        int failed = failures.merge(work, 1, Integer::sum);
        Level level = failed % 5 == 0 ? Level.WARNING : Level.DEBUG;
        LOG.log(level, () -> "reconciling " + work + " failed " + failed + " times: " + cause.getMessage());
        Duration pause = Duration.ofMillis(Math.min(5_000, 20L << Math.min(failed, 8)));
        run("retry", () -> {
            Thread.sleep(pause);
            queue.add(work);
        });
        threads.removeIf(thread -> !thread.isAlive());
    }

    private void recorded(Write write) {
        try {
            recorder.done(write, perform(write));
        } catch (RuntimeException refused) {
            recorder.failed(write, String.valueOf(refused.getMessage()));
            throw refused;
        }
    }

    /** Returns the result, if that is an object. */
    private Optional<ObjectNode> perform(Write write) {
        return switch (write) {
            case Write.Create(Resource resource, ObjectNode object) ->
                took(resource, client.create(resource, Json.namespace(object), object));
            case Write.Update(Resource resource, ObjectNode object) ->
                took(resource, client.update(resource, Json.namespace(object), Json.name(object), object));
            case Write.Adopt(Resource resource, ObjectNode object, Work owner, String uid) ->
                client.find(owner.resource(), owner.namespace(), owner.name())
                        .filter(one -> Json.uid(one).equals(uid) && !Pods.isLeaving(one))
                        .flatMap(there -> took(
                                resource, client.update(resource, Json.namespace(object), Json.name(object), object)));
            case Write.UpdateStatus(Resource resource, ObjectNode object) ->
                took(resource, client.updateStatus(resource, Json.namespace(object), Json.name(object), object));
            case Write.Delete(Resource resource, ObjectNode object) -> {
                delete(resource, object);
                yield Optional.empty();
            }
            case Write.Tell _ -> Optional.empty(); // by the recorder
            case Write.Bind(ObjectNode pod, String node) -> {
                client.bind(Json.namespace(pod), Json.name(pod), node);
                yield client.find(Kinds.PODS, Json.namespace(pod), Json.name(pod))
                        .flatMap(bound -> took(Kinds.PODS, bound));
            }
        };
    }

    private void delete(Resource resource, ObjectNode object) {
        DeleteOptions options = new DeleteOptions(Optional.empty(), false, Optional.of(Json.uid(object)), false);
        client.delete(resource, Json.namespace(object), Json.name(object), options);
        Optional<ObjectNode> left = client.find(resource, Json.namespace(object), Json.name(object))
                .filter(one -> Json.uid(one).equals(Json.uid(object)));
        left.ifPresentOrElse(
                leaving -> {
                    var _ = took(resource, leaving);
                },
                () -> gone(resource, object));
    }

    private Optional<ObjectNode> took(Resource resource, ObjectNode object) {
        Optional<ObjectNode> before = cache.written(resource, object);
        Triggers.of(resource, before, object, cache).forEach(queue::add);
        return Optional.of(object);
    }

    private void gone(Resource resource, ObjectNode object) {
        cache.removed(resource, object);
        Triggers.of(resource, Optional.of(object), object, cache).forEach(queue::add);
    }

    /** Stops them all; what they have written stays. */
    @Override
    public void close() {
        List.copyOf(threads).forEach(Thread::interrupt);
    }
}
