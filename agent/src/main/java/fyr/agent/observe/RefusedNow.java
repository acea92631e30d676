package fyr.agent.observe;

import fyr.model.observation.Objection;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of the objects that are refused now. Others write the names and may write any number of them: the {@link #MOST} that have been
 * refused for longest are shown, {@link #REMEMBERED} are remembered, and the counter of refusals includes the rest. Safe on any thread.
 */
final class RefusedNow {

    static final int MOST = 100;
    static final int REMEMBERED = 10_000;

    /** By kind, name and field, those who object. */
    private final Map<List<String>, Set<Objection>> refused = new LinkedHashMap<>();

    RefusedNow(PrometheusRegistry registry, String gauge, String help) {
        GaugeWithCallback.builder()
                .name(gauge)
                .help(help + "; at most " + MOST + ".")
                .labelNames("kind", "name", "field")
                .callback(callback -> shown().forEach(labels -> callback.call(1, labels.toArray(String[]::new))))
                .register(registry);
    }

    private synchronized List<List<String>> shown() {
        return refused.keySet().stream().limit(MOST).toList();
    }

    synchronized void add(Objection objection, String kind, String name, String field) {
        List<String> labels = List.of(kind, name, field);
        if (refused.size() < REMEMBERED || refused.containsKey(labels)) {
            refused.computeIfAbsent(labels, _ -> EnumSet.noneOf(Objection.class))
                    .add(objection);
        }
    }

    synchronized void remove(Objection objection, String kind, String name, String field) {
        refused.computeIfPresent(List.of(kind, name, field), (_, objections) -> {
            objections.remove(objection);
            return objections.isEmpty() ? null : objections;
        });
    }
}
