package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** However a lab ends, and whoever's it is, nothing of it is left. */
class LabEndLabIT {

    private static final String NAME = TestLab.name("ends");

    @Test
    void whicheverProcessIsKilledDownLeavesNothing() throws Exception {
        String before = machine();
        List<String> processes = List.of("outer", "first", "daemon", "agent");
        for (int i = 0; i < processes.size(); i++) {
            try (TestLab lab = TestLab.up("ends", "--nodes", "1")) {
                List<ProcessHandle> all = TestLab.processes(NAME);
                ProcessHandle victim = switch (processes.get(i)) {
                    case "outer" -> all.getFirst();
                    case "first" -> all.get(1);
                    case "daemon" -> having(all, "fyr.lab.cluster.LabDaemon");
                    default -> having(all, "\0agent\0");
                };
                Path files = lab.files();
                assertThat(victim.destroyForcibly()).as(processes.get(i)).isTrue();
                Thread.sleep(200);
                assertThat(TestLab.fyr("lab", "down", "--name", NAME).output()).as(processes.get(i)).contains("is down");
                assertThat(TestLab.processes(NAME)).as("processes after the end of the %s", processes.get(i)).isEmpty();
                assertThat(files).as("files after the end of the %s", processes.get(i)).doesNotExist();
                assertThat(TestLab.fyr("lab", "down", "--name", NAME).output()).contains("no lab '" + NAME + "'");
            }
        }
        assertThat(machine()).isEqualTo(before);
    }

    private static ProcessHandle having(List<ProcessHandle> processes, String text) {
        // The door that becomes an agent, or starts the daemon, has the same words; Java comes with -m.
        return processes.stream()
                .filter(process -> TestLab.commandLine(process).contains(text))
                .filter(process -> TestLab.commandLine(process).contains("bin/java\0@") && !TestLab.commandLine(process).contains("fyr-world"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " among " + processes.stream().map(TestLab::commandLine).toList()));
    }

    @Test
    void interruptingTheStartLeavesNothing() throws Exception {
        String before = machine();
        for (int milliseconds : List.of(300, 900, 1800)) {
            Process up = TestLab.launcher("lab", "up", "--name", NAME).start();
            boolean early = !up.waitFor(milliseconds, TimeUnit.MILLISECONDS);
            new ProcessBuilder("kill", "-INT", Long.toString(up.pid())).start().waitFor();
            TestLab.Result result = TestLab.finish(up);
            assertThat(early).as(result.output()).isTrue();
            assertThat(TestLab.processes(NAME)).as("processes after Ctrl-C at %s ms", milliseconds).isEmpty();
            assertThat(TestLab.fyr("lab", "list").output()).doesNotContain(NAME);
            assertThat(result.output()).as("no stack trace").doesNotContain("\tat ");
        }
        assertThat(machine()).isEqualTo(before);
    }

    @Test
    void anOrdinaryUserCanDoAllOfIt() throws Exception {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        if (!root) {
            System.out.println("runs as an ordinary user anyway: " + System.getProperty("user.name"));
        }
        String before = machine();
        for (List<String> command : List.of(
                List.of("lab", "up", "--name", NAME, "--nodes", "2", "--subnets", "2"),
                List.of("lab", "exec", "--name", NAME, "--node", "node1", "--", "ping", "-c1", "-W2", "10.244.2.0"),
                List.of("lab", "agent", "--name", NAME, "restart", "node1"),
                List.of("lab", "down", "--name", NAME))) {
            TestLab.Result result = TestLab.finish(ordinary(root, command));
            assertThat(result.status()).as(command + ": " + result.output()).isZero();
        }
        assertThat(TestLab.processes(NAME)).isEmpty();
        assertThat(machine()).isEqualTo(before);
    }

    private static Process ordinary(boolean root, List<String> command) throws Exception {
        ProcessBuilder builder = TestLab.launcher(command.toArray(String[]::new));
        if (root) {
            List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
            all.addAll(builder.command());
            builder.command(all);
            builder.environment().remove("XDG_RUNTIME_DIR");
            builder.environment().put("HOME", "/tmp");
        }
        return builder.start();
    }

    /** What of the machine a lab could change: links, named namespaces, mounts. */
    private static String machine() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "ip -o link | cut -d: -f2; ls /run/netns /var/run/netns 2>/dev/null; grep -c . /proc/self/mounts; grep fyr/labs /proc/self/mounts; nft list tables 2>/dev/null")
                .redirectErrorStream(true)
                .start();
        return TestLab.finish(process).output();
    }
}
