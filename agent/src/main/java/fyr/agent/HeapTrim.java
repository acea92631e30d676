package fyr.agent;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Returns memory that was needed under load, such as a flood of queries. The serial collector shrinks its heap only in a full collection,
 * which an agent at rest never needs. So a full collection is made when the heap has grown. If the heap soon grows again, the intervals
 * become longer, so that memory that is always needed is not taken away every minute.
 */
final class HeapTrim implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration LOOK = Duration.ofSeconds(60);
    private static final int LONGEST_LOOKS = 60;
    private static final long WORTHWHILE = 16 << 20;

    private final LongSupplier committed;
    private final Runnable collect;
    private final Thread thread = Thread.ofPlatform().daemon().name("heap-trim").unstarted(this::run);
    private long settled;
    private int pause = 1;
    private int left = 1;

    /**
     * @param committed bytes of heap that the process holds, in use or not
     * @param collect makes a full collection
     */
    HeapTrim(LongSupplier committed, Runnable collect) {
        this.committed = committed;
        this.collect = collect;
    }

    /** Begins, for this process. */
    static HeapTrim start() {
        HeapTrim trim = new HeapTrim(Runtime.getRuntime()::totalMemory, System::gc);
        trim.thread.start();
        return trim;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK);
                look();
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "no longer giving memory back");
        }
    }

    /** Called once a minute. The first call, which includes the garbage of the start, sets the baseline for growth. */
    void look() {
        if (--left > 0) {
            return;
        }
        long before = committed.getAsLong();
        if (before < settled + Math.max(WORTHWHILE, settled / 4)) {
            pause = 1;
            left = 1;
            return;
        }
        collect.run();
        settled = committed.getAsLong();
        pause = Math.min(LONGEST_LOOKS, pause * 2);
        left = pause;
        LOG.log(Level.DEBUG, "heap {0} MiB, before {1} MiB", settled >> 20, before >> 20);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
