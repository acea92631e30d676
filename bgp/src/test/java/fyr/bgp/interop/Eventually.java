package fyr.bgp.interop;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what happens in other processes. */
final class Eventually {

    private static final long PATIENCE = 40_000_000_000L;

    private Eventually() {}

    /** Waits until something holds, and gives the value of which it did. */
    static <T> T eventually(Supplier<T> value, Predicate<T> holds) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        T now = value.get();
        while (!holds.test(now)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after 40 s it was still " + now);
            }
            Thread.sleep(50);
            now = value.get();
        }
        return now;
    }
}
