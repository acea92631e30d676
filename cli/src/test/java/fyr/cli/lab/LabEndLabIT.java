package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
                    default -> having(all, "/fyr.agent.command.AgentMain\0");
                };
                Path files = lab.files();
                assertThat(victim.destroyForcibly()).as(processes.get(i)).isTrue();
                Thread.sleep(200);
                assertThat(TestLab.fyr("lab", "down", "--name", NAME).output())
                        .as(processes.get(i))
                        .contains("is down");
                assertThat(TestLab.processes(NAME))
                        .as("processes after the end of the %s", processes.get(i))
                        .isEmpty();
                assertThat(files)
                        .as("files after the end of the %s", processes.get(i))
                        .doesNotExist();
                assertThat(TestLab.fyr("lab", "down", "--name", NAME).output()).contains("no lab '" + NAME + "'");
            }
        }
        assertThat(machine()).isEqualTo(before);
    }

    private static ProcessHandle having(List<ProcessHandle> processes, String text) {
        // The door that becomes an agent, or starts the daemon, has the same words; Java comes with -m.
        return processes.stream()
                .filter(process -> TestLab.commandLine(process).contains(text))
                .filter(process -> TestLab.commandLine(process).contains("bin/java\0@")
                        && !TestLab.commandLine(process).contains("fyr-world"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " among "
                        + processes.stream().map(TestLab::commandLine).toList()));
    }

    /** Ctrl-C before the lab is up ends what was begun; where the machine was faster, the lab is up and stays. */
    @Test
    void interruptingTheStartLeavesNothing() throws Exception {
        String before = machine();
        List<Integer> interrupted = new ArrayList<>();
        for (int milliseconds : List.of(100, 300, 900, 1800)) {
            ProcessBuilder launcher = TestLab.launcher("lab", "up", "--name", NAME);
            // Where the tests run in the background of a script, they and all below them ignore Ctrl-C (POSIX,
            // asynchronous lists).
            launcher.command().addAll(0, List.of("env", "--default-signal=INT"));
            Process up = launcher.start();
            boolean early = !up.waitFor(milliseconds, TimeUnit.MILLISECONDS);
            new ProcessBuilder("kill", "-INT", Long.toString(up.pid())).start().waitFor();
            TestLab.Result result = TestLab.finish(up);
            if (early && result.status() != 0) {
                interrupted.add(milliseconds);
                assertThat(TestLab.processes(NAME))
                        .as("processes after Ctrl-C at %s ms", milliseconds)
                        .isEmpty();
                assertThat(TestLab.fyr("lab", "list").output()).doesNotContain(NAME);
                assertThat(result.output()).as("no stack trace").doesNotContain("\tat ");
            } else {
                TestLab.fyr("lab", "down", "--name", NAME);
            }
        }
        assertThat(interrupted).isNotEmpty();
        assertThat(machine()).isEqualTo(before);
    }

    /** The second of two is told so, and the first one's lab is not taken for what a killed command left. */
    @Test
    void twoStartsOfOneNameAreOneLab() throws Exception {
        List<Process> both = List.of(
                TestLab.launcher("lab", "up", "--name", NAME, "--nodes", "1").start(),
                TestLab.launcher("lab", "up", "--name", NAME, "--nodes", "1").start());
        List<TestLab.Result> results = new ArrayList<>();
        for (Process up : both) {
            results.add(TestLab.finish(up));
        }
        assertThat(results).extracting(TestLab.Result::status).as("%s", results).containsExactlyInAnyOrder(0, 1);
        assertThat(results)
                .filteredOn(result -> result.status() == 1)
                .singleElement()
                .satisfies(result -> assertThat(result.output().strip())
                        .matches(".*lab '" + NAME + "' is (being started by another command|up already).*")
                        .doesNotContain("\n"));
        assertThat(TestLab.fyr("lab", "exec", "--name", NAME, "--node", "node1", "--", "true")
                        .status())
                .isZero();
        assertThat(TestLab.fyr("lab", "list").output()).containsOnlyOnce(NAME + "  up");
    }

    @AfterEach
    void down() throws Exception {
        TestLab.fyr("lab", "down", "--name", NAME);
    }

    @Test
    void anOrdinaryUserCanDoAllOfIt() throws Exception {
        String before = machine();
        for (List<String> command : List.of(
                List.of("lab", "up", "--name", NAME, "--nodes", "2", "--subnets", "2"),
                List.of("lab", "exec", "--name", NAME, "--node", "node1", "--", "ping", "-c1", "-W2", "10.244.2.0"),
                List.of("lab", "agent", "--name", NAME, "restart", "node1"),
                List.of("lab", "down", "--name", NAME))) {
            TestLab.Result result = TestLab.finish(ordinary(command));
            assertThat(result.status()).as(command + ": " + result.output()).isZero();
        }
        assertThat(TestLab.processes(NAME)).isEmpty();
        assertThat(machine()).isEqualTo(before);
    }

    /**
     * Runs $2 and what follows as nobody, in a mount namespace where the checkout $1 can be read although it is below a closed folder
     * such as /root: an open and empty folder is laid over that one, and the checkout into it, at the same path.
     */
    private static final String AS_NOBODY = """
            closed= folder=$1
            while [ "$folder" != / ]; do folder=$(dirname "$folder"); [ -n "$(find "$folder" -maxdepth 0 -perm -o+rx)" ] || closed=$folder; done
            if [ -n "$closed" ]; then
              keep=$(mktemp -d) && mount --bind "$1" "$keep" && mount -t tmpfs -o mode=755 open "$closed" && mkdir -p "$1" && mount --bind "$keep" "$1" && umount "$keep" && rmdir "$keep" || exit 90
            fi
            shift
            exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
            """;

    /** Whoever runs the tests is an ordinary user already, or root, who can become one. */
    private static Process ordinary(List<String> command) throws Exception {
        ProcessBuilder builder = TestLab.launcher(command.toArray(String[]::new));
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            Path checkout = TestLab.checkout().toRealPath();
            List<String> all = new ArrayList<>(List.of(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    "-c",
                    AS_NOBODY,
                    "sh",
                    checkout.toString()));
            all.addAll(builder.command());
            builder.command(all);
            builder.environment().remove("XDG_RUNTIME_DIR");
            builder.environment().put("HOME", "/tmp");
        }
        return builder.start();
    }

    /** What of the machine a lab could change and call its own: links, named namespaces, mounts, tables. */
    private static String machine() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ip -o link | cut -d: -f2 | grep fyr; ls /run/netns /var/run/netns 2>/dev/null; grep fyr/labs /proc/self/mounts; nft list tables 2>/dev/null | grep fyr")
                .redirectErrorStream(true)
                .start();
        return TestLab.finish(process).output();
    }
}
