package fyr.bench.figures;

import java.util.Arrays;

/** Takes the times of one thing done again and again, warm-up left out. */
public final class Stopwatch {

    private Stopwatch() {}

    /** Something that may fail. */
    public interface Step {
        void run(int number) throws Exception;
    }

    public static Samples time(int warmUp, int times, Step step) throws Exception {
        long[] taken = new long[warmUp + times];
        for (int i = 0; i < taken.length; i++) {
            long start = System.nanoTime();
            step.run(i);
            taken[i] = System.nanoTime() - start;
        }
        return Samples.of(Arrays.copyOfRange(taken, warmUp, taken.length));
    }

    public static Samples once(Step step) throws Exception {
        return time(0, 1, step);
    }
}
