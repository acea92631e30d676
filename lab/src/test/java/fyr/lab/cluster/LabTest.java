package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabTest {

    @TempDir
    private Path folder = Path.of("");

    /** After Ctrl-C during the removal of a lab, two threads remove it. The end of the first one would end the other. */
    @Test
    void whoeverRemovesItEndsWhenItIsGone() throws Exception {
        Path lab = folder.resolve("lab");
        Callable<Boolean> remover = () -> {
            Lab.remove(lab);
            return Files.exists(lab);
        };
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 50; round++) {
                for (int node = 0; node < 20; node++) {
                    Path logs = Files.createDirectories(lab.resolve("nodes/node" + node + "/pods"));
                    Files.writeString(logs.resolve("log"), "x");
                }
                for (Future<Boolean> stillThere : two.invokeAll(List.of(remover, remover))) {
                    assertThat(stillThere.get()).isFalse();
                }
            }
        }
    }
}
