package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.linux.LinuxKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real table that is filled to its end, and a connection that does not fit. */
class ConntrackWatchKernelIT {

    @TempDir
    Path directory;

    private static String sh(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** Entries that no early drop takes (ASSURED), as {@code conntrack -R} reads them. */
    private Path entries(long count) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < count; i++) {
            String source = "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255);
            text.append("-A -s ")
                    .append(source)
                    .append(" -d 192.0.2.1 -r 192.0.2.1 -q ")
                    .append(source);
            text.append(" -p tcp --orig-port-src 1000 --orig-port-dst 80 --reply-port-src 80 --reply-port-dst 1000");
            text.append(" --state ESTABLISHED --status SEEN_REPLY,ASSURED --timeout 1000\n");
        }
        return Files.writeString(directory.resolve("entries"), text);
    }

    @Test
    void aFullTableIsSeen() throws Exception {
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh(
                "ip link set lo up; nft 'add table ip watched; add chain ip watched in { type filter hook input priority 0; };"
                        + " add rule ip watched in ct state new counter'");
        try (LinuxKernel kernel = LinuxKernel.open();
                ConntrackWatch watch = new ConntrackWatch(kernel.conntrack(), (_, _) -> {})) {
            watch.look();
            assertThat(watch.readiness()).isInstanceOf(Readiness.Ready.class);
            long max = kernel.conntrack().use().max();
            String filled = sh("conntrack -R " + entries(max) + " 2>&1 | tail -1");
            assertThat(kernel.conntrack().use().entries()).as(filled).isEqualTo(max);
            long before = kernel.conntrack().use().drop();
            sh("ping -c 1 -W 1 127.0.0.1");
            watch.look();
            assertThat(kernel.conntrack().use().drop()).isGreaterThan(before);
            assertThat(watch.readiness())
                    .isInstanceOfSatisfying(
                            Readiness.NotReady.class,
                            full -> assertThat(full.why()).contains("is full (" + max + " of " + max + " entries"));
        } finally {
            sh("conntrack -F; nft delete table ip watched; ip link set lo down");
        }
    }
}
