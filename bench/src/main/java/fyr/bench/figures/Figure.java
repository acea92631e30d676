package fyr.bench.figures;

import java.util.Locale;
import java.util.Optional;

/**
 * One line of a report.
 *
 * @param scale how many of what the samples count make one {@code unit}
 * @param ratio the median divided by that of a baseline
 * @param note what else is to be known, such as which baseline, or a target
 */
public record Figure(String name, Samples samples, String unit, double scale, Optional<Double> ratio, String note) {

    private static final double MILLISECOND = 1e6;

    public static Figure milliseconds(String name, Samples samples, String note) {
        return new Figure(name, samples, "ms", MILLISECOND, Optional.empty(), note);
    }

    public static Figure microseconds(String name, Samples samples, String note) {
        return new Figure(name, samples, "us", 1e3, Optional.empty(), note);
    }

    /** A single number of something else than time. */
    public static Figure number(String name, double value, String unit, String note) {
        return new Figure(name, Samples.of(Math.round(value * 1000)), unit, 1000, Optional.empty(), note);
    }

    public Figure against(Samples baseline) {
        return new Figure(name, samples, unit, scale, Optional.of((double) samples.median() / baseline.median()), note);
    }

    private String amount(long value) {
        double scaled = value / scale;
        return String.format(Locale.ROOT, scaled >= 100 ? "%.0f" : scaled >= 1 ? "%.2f" : "%.3f", scaled);
    }

    public String line() {
        return String.format(
                        Locale.ROOT,
                        "%-52s %6d %9s %9s %9s %9s %-4s %7s  %s",
                        name,
                        samples.count(),
                        amount(samples.least()),
                        amount(samples.median()),
                        amount(samples.percentile(99)),
                        amount(samples.most()),
                        unit,
                        ratio.map(value -> String.format(Locale.ROOT, "%.2f", value))
                                .orElse(""),
                        note)
                .stripTrailing();
    }

    public static String head() {
        return String.format("%-52s %6s %9s %9s %9s %9s %-4s %7s", "", "n", "min", "p50", "p99", "max", "", "ratio");
    }
}
