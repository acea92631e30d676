package fyr.bench.figures;

import java.util.Arrays;

/** Measurements of one thing, sorted; nanoseconds unless the figure says otherwise. */
public record Samples(long[] sorted) {

    public static Samples of(long... values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    public int count() {
        return sorted.length;
    }

    public long least() {
        return sorted[0];
    }

    public long most() {
        return sorted[sorted.length - 1];
    }

    /** The value that so many percent of all do not exceed (nearest rank). */
    public long percentile(int percent) {
        return sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.length) - 1)];
    }

    public long median() {
        return percentile(50);
    }
}
