package fyr.cluster.event;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;
import fyr.model.observation.Complaint;
import fyr.model.observation.Observation;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Writes refused objects as Events beside the objects, for those who look at the cluster and not at logs. It takes observations on any
 * thread and never waits. All agents of a cluster see the same fact at the same moment and say it in the same words; each waits a random
 * time first, longer in a larger cluster, and one of them creates the Event. So that whoever writes objects cannot have thousands of agents
 * write, an agent writes few at once and then one each half minute; what is beyond that is dropped, and stands in the log.
 */
public final class EventWriter implements Consumer<Observation>, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");

    private static final int WAITING = 64;
    private static final int REMEMBERED = 256;
    private static final int ATTEMPTS = 5;

    private final BlockingQueue<ObjectEvent> queue = new ArrayBlockingQueue<>(WAITING);
    private final Map<String, Boolean> written = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final ApiClient client;
    private final String node;
    private final IntSupplier agents;
    private final Tempo tempo;
    private final Thread thread;
    private boolean refused;

    /**
     * How fast events are written.
     *
     * @param burst how many at once
     * @param each the time after which there may be one more
     * @param perAgent how much longer the random wait may be for each agent of the cluster
     * @param retry the pause before an event is tried again, longer each time
     */
    record Tempo(int burst, Duration each, Duration perAgent, Duration retry) {
        static Tempo standard() {
            return new Tempo(10, Duration.ofSeconds(30), Duration.ofMillis(10), Duration.ofSeconds(5));
        }
    }

    private EventWriter(ApiClient client, String node, IntSupplier agents, Tempo tempo) {
        this.client = client;
        this.node = node;
        this.agents = agents;
        this.tempo = tempo;
        this.thread = Thread.ofVirtual().name("events").start(this::run);
    }

    /**
     * Starts to write.
     *
     * @param node whose agent this is
     * @param agents how many agents there are, about
     */
    public static EventWriter start(ApiClient client, String node, IntSupplier agents) {
        return start(client, node, agents, Tempo.standard());
    }

    static EventWriter start(ApiClient client, String node, IntSupplier agents, Tempo tempo) {
        return new EventWriter(client, node, agents, tempo);
    }

    @Override
    public void accept(Observation observation) {
        if (observation instanceof Observation.ObjectRefused refusal) {
            Complaint complaint = refusal.complaint();
            ObjectEvent.of(complaint)
                    .filter(event -> !queue.offer(event))
                    .ifPresent(_ -> LOG.log(Level.DEBUG, "no Event, too many wait: {0}", complaint.text()));
        }
    }

    private void run() {
        Budget budget = new Budget(tempo.burst(), tempo.each(), System::nanoTime);
        try {
            while (true) {
                ObjectEvent event = queue.take();
                if (written.putIfAbsent(event.eventName(), true) == null) {
                    Thread.sleep(budget.waitForOne());
                    Thread.sleep(random(tempo.perAgent().multipliedBy(Math.max(1, agents.getAsInt()))));
                    attempt(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration random(Duration longest) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() + 1));
    }

    /** What others wrote goes into paths and bodies: whatever comes of it, the next event has its turn. */
    private void attempt(ObjectEvent event) throws InterruptedException {
        try {
            write(event);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no Event about " + event.complaint().object(), e);
        }
    }

    private void write(ObjectEvent event) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Optional<String> uid = ObjectUid.of(client.get(event.objectPath()));
                client.create(event.path(), event.json(uid, node, Instant.now()));
                refused = false;
                return;
            } catch (ApiException answer) {
                if (answer.status() < 500 && answer.status() != 429) {
                    settled(event, answer);
                    return;
                }
            } catch (UnreachableException | tools.jackson.core.JacksonException away) {
                LOG.log(Level.DEBUG, "an Event is tried again: {0}", away.getMessage());
            }
            Thread.sleep(tempo.retry().multipliedBy(attempt).plus(random(tempo.retry())));
        }
    }

    /** That another agent was faster, or that the object is gone, is as it should be. */
    private void settled(ObjectEvent event, ApiException answer) {
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

    /** Ends the thread; what waits is dropped. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
