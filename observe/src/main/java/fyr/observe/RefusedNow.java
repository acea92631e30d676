package fyr.observe;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which objects are refused at this moment, by name. Others write the names, any number of them: the first {@link #MOST} are shown, and the
 * counter of refusals tells of the rest. Safe on any thread.
 */
final class RefusedNow {

    static final int MOST = 100;

    private final Set<List<String>> shown = new LinkedHashSet<>();

    RefusedNow(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("fyr_object_refused")
                .help("1 for each object of the API server that is not carried out as written now; at most " + MOST
                        + ".")
                .labelNames("kind", "name", "field")
                .callback(callback -> all().forEach(labels -> callback.call(1, labels.toArray(String[]::new))))
                .register(registry);
    }

    private synchronized List<List<String>> all() {
        return List.copyOf(shown);
    }

    synchronized void add(String kind, String name, String field) {
        if (shown.size() < MOST) {
            shown.add(List.of(kind, name, field));
        }
    }

    synchronized void remove(String kind, String name, String field) {
        shown.remove(List.of(kind, name, field));
    }
}
