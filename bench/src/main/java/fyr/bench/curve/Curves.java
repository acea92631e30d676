package fyr.bench.curve;

import fyr.bench.figures.Samples;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was measured: for each metric a curve of each program, over the number of Services. For one thread. */
final class Curves {

    private static final int LEAST_SAMPLES_OF_A_SPREAD = 10;

    private final List<String> contenders;
    private final Map<Point, Samples> points = new TreeMap<>();

    /** A place in a diagram. */
    record Point(Metric metric, String contender, int services) implements Comparable<Point> {
        private static final Comparator<Point> ORDER = Comparator.comparing(Point::metric)
                .thenComparing(Point::contender)
                .thenComparing(Point::services);

        @Override
        public int compareTo(Point other) {
            return ORDER.compare(this, other);
        }
    }

    /** Of these programs, in the order of the table. */
    Curves(List<String> contenders) {
        this.contenders = contenders;
    }

    void add(Metric metric, String contender, int services, Samples samples) {
        points.put(new Point(metric, contender, services), samples);
    }

    List<String> contenders() {
        return contenders;
    }

    /** The median in the metric's unit. */
    Optional<Double> median(Metric metric, String contender, int services) {
        return samples(metric, contender, services).map(samples -> samples.median() / metric.scale());
    }

    private Optional<Samples> samples(Metric metric, String contender, int services) {
        return Optional.ofNullable(points.get(new Point(metric, contender, services)));
    }

    SortedSet<Integer> sizes() {
        SortedSet<Integer> sizes = new TreeSet<>();
        points.keySet().forEach(point -> sizes.add(point.services()));
        return sizes;
    }

    boolean has(Metric metric) {
        return points.keySet().stream().anyMatch(point -> point.metric() == metric);
    }

    /** A block of lines for each metric: medians, and in brackets the tenth and the ninetieth percentile. */
    String table() {
        StringBuilder text = new StringBuilder();
        for (Metric metric : Metric.values()) {
            if (has(metric)) {
                String unit = metric.unit().isEmpty() ? "" : ", " + metric.unit();
                text.append(String.format(Locale.ROOT, "%n%s%s%n%-20s", metric.title(), unit, "Services"));
                sizes().forEach(size -> text.append(String.format(Locale.ROOT, " %21d", size)));
                text.append('\n');
                contenders.forEach(contender -> row(text, metric, contender));
            }
        }
        return text.toString();
    }

    private void row(StringBuilder text, Metric metric, String contender) {
        if (points.keySet().stream()
                .anyMatch(point -> point.metric() == metric && point.contender().equals(contender))) {
            text.append(String.format(Locale.ROOT, "%-20s", contender));
            for (int size : sizes()) {
                String cell = samples(metric, contender, size)
                        .map(samples -> cell(metric, samples))
                        .orElse("-");
                text.append(String.format(Locale.ROOT, " %21s", cell));
            }
            text.append('\n');
        }
    }

    private static String cell(Metric metric, Samples samples) {
        String median = amount(samples.median() / metric.scale());
        return samples.count() < LEAST_SAMPLES_OF_A_SPREAD
                ? median
                : median + " (" + amount(samples.percentile(10) / metric.scale()) + "-"
                        + amount(samples.percentile(90) / metric.scale()) + ")";
    }

    private static String amount(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** All samples. */
    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ArrayNode list = json.putArray("points");
        points.forEach((point, samples) -> {
            ObjectNode node = list.addObject()
                    .put("metric", point.metric().name().toLowerCase(Locale.ROOT))
                    .put("title", point.metric().title())
                    .put("unit", point.metric().unit())
                    .put("contender", point.contender())
                    .put("services", point.services())
                    .put("p50", samples.median() / point.metric().scale())
                    .put("p99", samples.percentile(99) / point.metric().scale());
            ArrayNode raw = node.putArray("samples");
            for (long sample : samples.sorted()) {
                raw.add(sample / point.metric().scale());
            }
        });
        return json;
    }
}
