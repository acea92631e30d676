package fyr.cluster.event;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;
import fyr.model.observation.Observation;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes refused objects as Events beside the objects, for those who look at the cluster and not at logs; also that a node's connection
 * tracking table fills, and who fills it ({@link ConntrackEvents}). It takes observations on any
 * thread and never waits. All agents of a cluster see the same fact at the same moment and say it in the same words; the few that
 * {@link ObjectEvent#isWrittenAtOnceBy} names wait a random time first, longer in a larger cluster, and one of them creates the Event.
 *
 * <p>Those few may be Nodes that somebody invented, with names chosen for that purpose, and no agent can tell. Every other agent therefore
 * writes the Event too, once, after a random part of half an hour that does not depend on the nodes. The server keeps one Event under its
 * name, and refuses the others with 409. So an Event is at most half an hour late while the server answers and one agent has time for it, and
 * costs at most one attempt of each agent, which a cluster of 5,000 nodes spreads to three a second.
 *
 * <p>So that whoever writes objects cannot have agents write without end, an agent writes ten Events at once and then one each half minute,
 * and in late turns ten and then one each five minutes; what is beyond that and does not fit into the queue is dropped, and stands in the log.
 */
public final class EventWriter implements Consumer<Observation>, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");

    private static final int WAITING = 64;
    private static final int REMEMBERED = 256;
    private static final int ATTEMPTS = 5;

    /** How much slower late turns are: an object costs as many of them as there are agents, and the other turns only three. */
    private static final int LATE_PACE = 10;

    private final BlockingQueue<ObjectEvent> queue = new ArrayBlockingQueue<>(WAITING);
    private final DelayQueue<LateTurn> late = new DelayQueue<>();
    /** What was written, or waits for its turn. Used by both threads. */
    private final Map<String, Boolean> settled = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    private final ApiClient client;
    private final String node;
    private final Supplier<? extends Collection<String>> nodes;
    private final Tempo tempo;
    private final List<Thread> threads;
    private volatile boolean refused;

    /**
     * How fast events are written.
     *
     * @param burst how many at once
     * @param each the time after which there may be one more
     * @param perAgent how much longer the random wait may be for each agent of the cluster
     * @param longest the random wait at most, and that of a late turn
     * @param retry the pause before an event is retried, longer each time
     */
    record Tempo(int burst, Duration each, Duration perAgent, Duration longest, Duration retry) {
        /** The longest wait is less than the hour for which an API server keeps Events: who is late finds that of others. */
        static Tempo standard() {
            return new Tempo(
                    10, Duration.ofSeconds(30), Duration.ofMillis(10), Duration.ofMinutes(30), Duration.ofSeconds(5));
        }

        /** Of the nodes that were named to write at once. */
        Duration longestOf(int agents) {
            Duration wait = perAgent.multipliedBy(Math.max(1, agents));
            return wait.compareTo(longest) < 0 ? wait : longest;
        }
    }

    private EventWriter(ApiClient client, String node, Supplier<? extends Collection<String>> nodes, Tempo tempo) {
        this.client = client;
        this.node = node;
        this.nodes = nodes;
        this.tempo = tempo;
        this.threads = List.of(
                Thread.ofVirtual().name("events").start(this::run),
                Thread.ofVirtual().name("events-late").start(this::runLate));
    }

    /**
     * Starts writing.
     *
     * @param node whose agent this is
     * @param nodes the names of all nodes, each of which has an agent; none as long as they were not heard
     */
    public static EventWriter start(ApiClient client, String node, Supplier<? extends Collection<String>> nodes) {
        return start(client, node, nodes, Tempo.standard());
    }

    static EventWriter start(ApiClient client, String node, Supplier<? extends Collection<String>> nodes, Tempo tempo) {
        return new EventWriter(client, node, nodes, tempo);
    }

    @Override
    public void accept(Observation observation) {
        switch (observation) {
            case Observation.ObjectRefused refusal -> ObjectEvent.of(refusal).ifPresent(this::accept);
            case Observation.ConntrackFilling filling ->
                ConntrackEvents.of(node, filling).forEach(this::accept);
            default -> {}
        }
    }

    private void accept(ObjectEvent event) {
        if (!queue.offer(event)) {
            tooMany(event);
        }
    }

    private static void tooMany(ObjectEvent event) {
        LOG.log(Level.DEBUG, "no Event, too many wait: {0}", event.complaint().text());
    }

    private void run() {
        Budget budget = new Budget(tempo.burst(), tempo.each(), System::nanoTime);
        try {
            while (true) {
                ObjectEvent event = queue.take();
                if (settled.putIfAbsent(event.eventName(), true) != null) {
                    continue;
                }
                if (isAtOnce(event)) {
                    Thread.sleep(budget.waitForOne());
                    Thread.sleep(random(tempo.longestOf(nodes.get().size())));
                    attempt(event);
                } else {
                    later(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void later(ObjectEvent event) {
        if (late.size() < WAITING) {
            late.add(LateTurn.in(random(tempo.longest()), event));
        } else {
            tooMany(event);
        }
    }

    private void runLate() {
        Budget budget = new Budget(tempo.burst(), tempo.each().multipliedBy(LATE_PACE), System::nanoTime);
        try {
            while (true) {
                ObjectEvent event = late.take().event();
                Thread.sleep(budget.waitForOne());
                attempt(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the nodes: who knew nobody else would think that it has to write everything, and so would all when all start. */
    private boolean isAtOnce(ObjectEvent event) throws InterruptedException {
        if (event.isOf(node)) {
            return true;
        }
        while (nodes.get().isEmpty()) {
            Thread.sleep(tempo.retry());
        }
        return event.isWrittenAtOnceBy(node, nodes.get());
    }

    private static Duration random(Duration longest) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() + 1));
    }

    /** Text from others becomes part of paths and bodies: whatever happens with one event, the next one is processed. */
    private void attempt(ObjectEvent event) throws InterruptedException {
        try {
            if (!write(event)) {
                settled.remove(event.eventName());
                accept(event); // the server is away for long; what was said is said only once
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no Event about " + event.complaint().object(), e);
        }
    }

    /** Whether the server had a word for it. */
    private boolean write(ObjectEvent event) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Optional<String> uid = ObjectUid.of(client.get(event.objectPath()));
                client.create(event.path(), event.json(uid, node, Instant.now()));
                refused = false;
                return true;
            } catch (ApiException answer) {
                if (answer.status() < 500 && answer.status() != 429) {
                    answered(event, answer);
                    return true;
                }
            } catch (UnreachableException | tools.jackson.core.JacksonException away) {
                LOG.log(Level.DEBUG, "an Event could not be written; retrying: {0}", away.getMessage());
            }
            Thread.sleep(tempo.retry().multipliedBy(attempt).plus(random(tempo.retry())));
        }
        return false;
    }

    /** That another agent was faster, or that the object is gone, is as it should be. */
    private void answered(ObjectEvent event, ApiException answer) {
        if (answer.conflict() || answer.notFound()) {
            return;
        }
        LOG.log(
                refused ? Level.DEBUG : Level.WARNING,
                "no Event about {0}, the API server says: {1} {2} (examples/node/access.yaml has what an agent needs)",
                event.complaint().object(),
                Integer.toString(answer.status()),
                answer.getMessage());
        refused = true;
    }

    /** Ends the threads; queued events are dropped. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
