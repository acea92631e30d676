package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.proxy.Conntrack;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit of connections that a configuration of kube-proxy leads to, on a node with four processors. */
class ConntrackSizeTest {

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void node() throws IOException {
        for (String entry : List.of("cpu0", "cpu1", "cpu2", "cpu10", "cpufreq", "cpuidle")) {
            Files.createDirectories(directory.resolve("cpu").resolve(entry));
        }
        set(65_536, 65_536);
    }

    private void set(long max, long buckets) throws IOException {
        Files.writeString(directory.resolve("nf_conntrack_max"), max + "\n");
        Files.writeString(directory.resolve("nf_conntrack_buckets"), buckets + "\n");
    }

    private List<Long> raised(int maxPerCore, int min) throws IOException {
        new ConntrackSize(directory, directory.resolve("cpu"), (level, line) -> said.add(level + " " + line))
                .raise(new Conntrack(
                        maxPerCore, min, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO));
        List<Long> values = new ArrayList<>();
        for (String name : List.of("nf_conntrack_max", "nf_conntrack_buckets")) {
            values.add(Long.parseLong(Files.readString(directory.resolve(name)).strip()));
        }
        return values;
    }

    @Test
    void theLimitIsThatOfAllProcessorsAndNotLessThanTheLeast() throws IOException {
        assertThat(raised(32_768, 131_072)).containsExactly(131_072L, 65_536L);
        assertThat(raised(100_000, 131_072)).containsExactly(400_000L, 100_000L);
        assertThat(raised(1, 500_000)).containsExactly(500_000L, 125_000L);
        assertThat(said).hasSize(5).allMatch(line -> line.startsWith(Level.INFO + " "));
    }

    @Test
    void aLargerLimitStaysAndThatIsSaid() throws IOException {
        set(1_000_000, 1_000);
        assertThat(raised(32_768, 131_072)).containsExactly(1_000_000L, 32_768L);
        assertThat(said.getFirst()).contains("nf_conntrack_max stays at 1000000", "asks for less (131072)");
    }

    @Test
    void zeroForEachProcessorLeavesTheLimitWhateverTheLeast() throws IOException {
        assertThat(raised(0, 131_072)).containsExactly(65_536L, 65_536L);
        assertThat(said).isEmpty();
    }

    @Test
    void aNodeThatDoesNotSayItsLimitKeepsIt() throws IOException {
        Files.delete(directory.resolve("nf_conntrack_max"));
        new ConntrackSize(directory, directory.resolve("cpu"), (level, line) -> said.add(level + " " + line))
                .raise(new Conntrack(
                        32_768, 131_072, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO));
        assertThat(said).hasSize(1).first().asString().startsWith("WARNING").contains("stays as it is");
    }

    @Test
    void timeoutsAreTakenOver() {
        assertThat(ConntrackSize.timeouts(new Conntrack(
                                0,
                                0,
                                Duration.ofHours(24),
                                Duration.ofHours(1),
                                false,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(120)))
                        .tcpEstablished())
                .isEqualTo(Duration.ofHours(24));
    }
}
