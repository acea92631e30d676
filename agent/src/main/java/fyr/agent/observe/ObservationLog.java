package fyr.agent.observe;

import fyr.model.observation.Complaint;
import fyr.model.observation.Observation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The latest observations, numbered from 1 in the order of their arrival, and what is refused now. Memory is bounded: of a flood of
 * observations the latest are kept. Safe on any thread.
 */
public final class ObservationLog implements Consumer<Observation> {

    /** How many observations are kept. */
    public static final int KEPT = 1_000;

    private static final int REFUSED_MAX = 1_000;

    private final InstantSource clock;
    private final Deque<Numbered> latest = new ArrayDeque<>();
    private final Map<List<String>, Complaint> refused = new LinkedHashMap<>();
    private long last;
    private Optional<Observation.ConntrackFilling> filling = Optional.empty();

    /**
     * An observation in the log.
     *
     * @param number one more than that of the one before
     */
    public record Numbered(long number, Instant time, Observation observation) {}

    public ObservationLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void accept(Observation observation) {
        latest.add(new Numbered(++last, clock.instant(), observation));
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
        switch (observation) {
            case Observation.ObjectRefused refusal -> refuse(refusal.complaint());
            case Observation.ObjectAccepted(var _, String kind, String name, String field) ->
                refused.remove(List.of(kind, name, field));
            case Observation.ConntrackFilling now -> filling = Optional.of(now);
            case Observation.ConntrackRelieved _ -> filling = Optional.empty();
            default -> {}
        }
    }

    private void refuse(Complaint complaint) {
        List<String> key = List.of(complaint.kind(), complaint.name(), complaint.field());
        if (refused.size() < REFUSED_MAX || refused.containsKey(key)) {
            refused.put(key, complaint);
        }
    }

    /** The observations after this number that are still kept, in order. */
    public synchronized List<Numbered> since(long number) {
        return latest.stream().filter(each -> each.number() > number).toList();
    }

    /** The number of the latest observation; 0 if there was none. */
    public synchronized long last() {
        return last;
    }

    /** What was said last of a connection tracking table that fills; empty if it has room. */
    public synchronized Optional<Observation.ConntrackFilling> filling() {
        return filling;
    }

    /** What is refused now; at most a thousand. */
    public synchronized List<Complaint> refused() {
        return List.copyOf(refused.values());
    }
}
