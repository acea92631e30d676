package fyr.cni;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {

    @TempDir
    Path directory;

    private World world;
    private PendingDeletes pending;

    @BeforeEach
    void start() throws IOException {
        world = new World(directory);
        pending = new PendingDeletes(Files.createDirectories(directory.resolve("pending")), world.service);
        world.add("web-1");
        world.links.endNamespace(directory.resolve("netns/web-1"));
    }

    private void untilHealed() throws InterruptedException {
        for (int i = 0; i < 500 && !(world.heard.isEmpty() && world.stateFiles().isEmpty()); i++) {
            Thread.sleep(10);
        }
        assertThat(world.heard.isEmpty()).isTrue();
        assertThat(world.stateFiles()).isEmpty();
    }

    @Test
    void healsWhenAskedTo() throws Exception {
        try (Upkeep upkeep = new Upkeep(pending, world.service)) {
            upkeep.heal();
            untilHealed();
        }
    }

    @Test
    void healingThatFailsIsTriedAgainUntilItSucceedsAndNotLonger() throws Exception {
        AtomicInteger lists = new AtomicInteger();
        world.links.listing = () -> {
            if (lists.incrementAndGet() <= 3) {
                throw new KernelException("RTM_GETLINK", Errno.ENOBUFS, "");
            }
        };
        try (Upkeep _ = new Upkeep(pending, world.service, Duration.ofMillis(20))) {
            untilHealed();
            Thread.sleep(100);
            assertThat(lists).hasValue(4);
        }
    }
}
