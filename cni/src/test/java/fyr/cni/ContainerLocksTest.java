package fyr.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContainerLocksTest {

    private final ContainerLocks locks = new ContainerLocks();

    @Test
    void workOnAContainerIsDoneInTheOrderOfArrival() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread first = Thread.ofPlatform()
                .start(() -> locks.one("c", () -> {
                    begun.countDown();
                    return await(go);
                }));
        begun.await();
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            Thread other = Thread.ofPlatform().start(() -> locks.one("c", () -> done.add(number)));
            others.add(other);
            while (other.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(locks.one("another", () -> "at once")).isEqualTo("at once");
        go.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertThat(done).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
