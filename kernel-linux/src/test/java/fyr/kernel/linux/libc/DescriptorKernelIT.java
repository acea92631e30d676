package fyr.kernel.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class DescriptorKernelIT {
    private static final Path NULL = Path.of("/dev/null");

    @Test
    void openOnesAreCountedAndKnowWhoOpenedThem() {
        int before = Descriptor.openDescriptors();
        try (Descriptor descriptor = Files.open(NULL, Files.O_RDONLY)) {
            assertThat(Descriptor.openDescriptors()).isEqualTo(before + 1);
            assertThat(descriptor.origin()).isNotNull().hasStackTraceContaining("DescriptorKernelIT");
        }
        assertThat(Descriptor.openDescriptors()).isEqualTo(before);
    }

    @Test
    void aClosedOneIsNoLongerANumber() {
        Descriptor descriptor = Files.open(NULL, Files.O_RDONLY);
        descriptor.close();
        descriptor.close();
        assertThatThrownBy(descriptor::number)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed: /dev/null");
    }

    @Test
    void aLeakFailsItsTest() {
        NoLeaks guard = new NoLeaks();
        guard.begin();
        Descriptor leaked = Files.open(NULL, Files.O_RDONLY);
        assertThatThrownBy(guard::end).isInstanceOf(AssertionError.class).hasMessageContaining("left open: /dev/null");
        leaked.close();
        guard.end();
    }

    @Test
    void everyThreadSeesItsOwnErrorNumber() throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (String path : List.of("/no/such/file", "/dev/null/no-folder")) {
            Errno expected = path.startsWith("/no") ? Errno.ENOENT : new Errno(20);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    try (Descriptor descriptor = Files.open(Path.of(path), Files.O_RDONLY)) {
                        wrong.addAndGet(descriptor.number());
                    } catch (KernelException refused) {
                        wrong.addAndGet(refused.errno().equals(expected) ? 0 : 1);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
    }
}
