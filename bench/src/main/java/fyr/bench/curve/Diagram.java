package fyr.bench.curve;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Curves as SVG: a panel for each metric, both axes logarithmic, one line for each program. Only lines, circles and text, so that a difference
 * between two runs can be read in the file.
 */
final class Diagram {

    private static final int COLUMNS = 3;
    private static final int WIDTH = 420;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 15;
    private static final int TOP = 40;
    private static final int BOTTOM = 35;
    private static final int LEGEND = 40;
    private static final List<String> COLOURS =
            List.of("#888888", "#0b6e4f", "#3a86c8", "#7b4fa3", "#d1495b", "#e3912b", "#5c4033");

    private final Curves curves;
    private final List<Integer> sizes;
    private final StringBuilder svg = new StringBuilder();

    Diagram(Curves curves) {
        this.curves = curves;
        this.sizes = List.copyOf(curves.sizes());
    }

    String svg() {
        List<Metric> metrics =
                java.util.Arrays.stream(Metric.values()).filter(curves::has).toList();
        int rows = (metrics.size() + COLUMNS - 1) / COLUMNS;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                COLUMNS * WIDTH,
                LEGEND + rows * HEIGHT));
        legend();
        for (int i = 0; i < metrics.size(); i++) {
            panel(metrics.get(i), i % COLUMNS * WIDTH, LEGEND + i / COLUMNS * HEIGHT);
        }
        return svg.append("</svg>\n").toString();
    }

    private static String colour(int contender) {
        return COLOURS.get(contender % COLOURS.size());
    }

    private void legend() {
        int x = LEFT;
        for (int i = 0; i < curves.contenders().size(); i++) {
            line(x, 20, x + 20, 20, colour(i), 2);
            text(x + 25, 24, "start", curves.contenders().get(i));
            x += 180;
        }
    }

    private void panel(Metric metric, int x, int y) {
        double least = extreme(metric, true);
        double most = Math.max(extreme(metric, false), least * 1.01);
        Scale across = new Scale(sizes.getFirst(), sizes.getLast() + 1e-9, x + LEFT, x + WIDTH - RIGHT);
        Scale up = new Scale(least / 1.2, most * 1.2, y + HEIGHT - BOTTOM, y + TOP);
        text(x + LEFT, y + 18, "start", metric.title());
        text(x + LEFT, y + 32, "start", metric.unit());
        for (int size : sizes) {
            line(across.at(size), y + TOP, across.at(size), y + HEIGHT - BOTTOM, "#eeeeee", 1);
            text(across.at(size), y + HEIGHT - BOTTOM + 14, "middle", size >= 1000 ? size / 1000 + "k" : "" + size);
        }
        for (double tick : up.ticks()) {
            line(x + LEFT, up.at(tick), x + WIDTH - RIGHT, up.at(tick), "#eeeeee", 1);
            text(x + LEFT - 5, up.at(tick) + 4, "end", String.format(Locale.ROOT, "%.3g", tick));
        }
        for (int i = 0; i < curves.contenders().size(); i++) {
            curve(metric, curves.contenders().get(i), colour(i), across, up);
        }
    }

    private void curve(Metric metric, String contender, String colour, Scale across, Scale up) {
        List<double[]> points = sizes.stream()
                .flatMap(size -> curves.median(metric, contender, size).filter(value -> value > 0).stream()
                        .map(value -> new double[] {across.at(size), up.at(value)}))
                .toList();
        String path = points.stream()
                .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", point[0], point[1]))
                .collect(Collectors.joining(" "));
        svg.append(String.format(
                Locale.ROOT,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                colour,
                path));
        for (double[] point : points) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n",
                    point[0],
                    point[1],
                    colour));
        }
    }

    private double extreme(Metric metric, boolean least) {
        var values = curves.contenders().stream()
                .flatMap(contender -> sizes.stream().flatMap(size -> curves.median(metric, contender, size).stream()))
                .mapToDouble(Double::doubleValue)
                .filter(value -> value > 0);
        OptionalDouble extreme = least ? values.min() : values.max();
        return extreme.orElse(1);
    }

    private void line(double x1, double y1, double x2, double y2, String colour, int width) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }

    /** A logarithmic axis from one pixel to another one. */
    private record Scale(double least, double most, double from, double to) {
        double at(double value) {
            return from + (to - from) * Math.log(value / least) / Math.log(most / least);
        }

        /** Powers of ten; with their doubles and halves where there are few. */
        List<Double> ticks() {
            boolean few = Math.log10(most / least) < 2;
            return java.util.stream.IntStream.rangeClosed(
                            (int) Math.floor(Math.log10(least)), (int) Math.ceil(Math.log10(most)))
                    .boxed()
                    .flatMap(power ->
                            (few ? List.of(1, 2, 5) : List.of(1)).stream().map(factor -> factor * Math.pow(10, power)))
                    .filter(tick -> tick >= least && tick <= most)
                    .toList();
        }
    }
}
