package fyr.bench;

import java.util.Arrays;

/** Measurements of one thing, sorted; nanoseconds unless the figure says otherwise. */
record Samples(long[] sorted) {

    static Samples of(long... values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    int count() {
        return sorted.length;
    }

    long least() {
        return sorted[0];
    }

    long most() {
        return sorted[sorted.length - 1];
    }

    /** The value that so many percent of all do not exceed (nearest rank). */
    long percentile(int percent) {
        return sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.length) - 1)];
    }

    long median() {
        return percentile(50);
    }
}
