package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartLockTest {

    @TempDir
    private Path folder = Path.of("");

    private LabDirectory lab(String name) {
        return new LabDirectory(folder.resolve("fyr/labs").resolve(name));
    }

    @Test
    void oneAtATimePerNameAndNothingIsLeft() {
        StartLock first = StartLock.take(lab("a")).orElseThrow();
        assertThat(StartLock.take(lab("a"))).isEmpty();
        StartLock other = StartLock.take(lab("b")).orElseThrow();
        first.release();
        StartLock again = StartLock.take(lab("a")).orElseThrow();
        first.release(); // an interrupted start may release twice; this must not release the next lock
        assertThat(StartLock.take(lab("a"))).isEmpty();
        again.release();
        other.release();
        assertThat(folder.resolve("fyr")).doesNotExist();
        assertThat(Files.isDirectory(folder)).isTrue();
    }

    /** {@code tryLock} in another thread of this JVM fails whether or not the kernel holds the lock, so this reads /proc/locks. */
    @Test
    void theKernelHasItUntilItIsReleased() throws Exception {
        StartLock lock = StartLock.take(lab("a")).orElseThrow();
        assertThat(StartLock.take(lab("a"))).isEmpty();
        String inode = ":" + Files.getAttribute(lab("a").startLock(), "unix:ino") + " ";
        assertThat(Files.readAllLines(Path.of("/proc/locks"))).anyMatch(line -> line.contains(inode));
        lock.release();
        assertThat(Files.readAllLines(Path.of("/proc/locks"))).noneMatch(line -> line.contains(inode));
    }

    /** The file is created and deleted with the lock. A lock on a deleted file is worthless. */
    @Test
    void neverTwoAtOnce() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Callable<Integer> holder = () -> {
            go.await();
            int taken = 0;
            for (int i = 0; i < 200; i++) {
                Optional<StartLock> lock = StartLock.take(lab("a"));
                if (lock.isPresent()) {
                    taken++;
                    most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                    Thread.yield();
                    holders.decrementAndGet();
                    lock.get().release();
                }
            }
            return taken;
        };
        int taken = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all =
                    IntStream.range(0, 4).mapToObj(_ -> threads.submit(holder)).toList();
            go.countDown();
            for (Future<Integer> one : all) {
                taken += one.get();
            }
        }
        assertThat(taken).isPositive();
        assertThat(most).hasValue(1);
    }
}
