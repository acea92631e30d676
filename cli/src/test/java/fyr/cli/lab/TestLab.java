package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lab made for a test through the launcher, as a user would, and what runs in it. */
final class TestLab implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 90;

    private final String name;
    private final Path files;

    /** What a command did. */
    record Result(int status, String output) {

        Result succeeded() {
            assertThat(status).as(output).isZero();
            return this;
        }
    }

    private TestLab(String name, Path files) {
        this.name = name;
        this.files = files;
    }

    static String name(String purpose) {
        return purpose + "-" + ProcessHandle.current().pid();
    }

    static TestLab up(String purpose, String... options) throws Exception {
        String name = name(purpose);
        List<String> arguments = new ArrayList<>(List.of("lab", "up", "--name", name));
        arguments.addAll(List.of(options));
        fyr(arguments.toArray(String[]::new)).succeeded();
        Matcher directory = Pattern.compile("KUBECONFIG=(.*)/kubeconfig")
                .matcher(fyr("lab", "status", "--name", name)
                        .succeeded()
                        .output()
                        .replaceAll("kubeconfig +(/)", "KUBECONFIG=$1"));
        assertThat(directory.find()).isTrue();
        return new TestLab(name, Path.of(directory.group(1)));
    }

    static Path checkout() {
        return Path.of(Optional.ofNullable(System.getenv("FYR_ROOT")).orElse(".."));
    }

    /** The launcher, from the checkout. */
    static ProcessBuilder launcher(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(checkout().resolve("fyr").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
    }

    static Result fyr(String... arguments) throws Exception {
        return finish(launcher(arguments).start());
    }

    static Result finish(Process process) throws IOException, InterruptedException {
        Thread ending = Thread.startVirtualThread(() -> {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException done) {
                // the output has ended, so the process will
            }
        });
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int status = process.waitFor();
        ending.interrupt();
        return new Result(status, output);
    }

    /** A command of {@code fyr lab} for this lab. */
    Result lab(String command, String... arguments) throws Exception {
        return finish(start(command, arguments));
    }

    Process start(String command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("lab", command, "--name", name));
        all.addAll(List.of(arguments));
        return launcher(all.toArray(String[]::new)).start();
    }

    /** Runs a shell script on a node. */
    Result onNode(String node, String script) throws Exception {
        return lab("exec", "--node", node, "--", "sh", "-c", script);
    }

    /** Runs a shell script in a pod of the namespace default. */
    Result inPod(String pod, String script) throws Exception {
        return lab("exec", pod, "--", "sh", "-c", script);
    }

    /** Applies manifests. */
    void apply(String manifests) throws Exception {
        Path file = Files.createTempFile("fyr-test", ".yaml");
        try {
            lab("apply", "-f", Files.writeString(file, manifests).toString()).succeeded();
        } finally {
            Files.delete(file);
        }
    }

    /** Puts objects into the lab's store past the checks of its API server. */
    void store(String manifests) throws Exception {
        Path file = Files.createTempFile("fyr-test", ".yaml");
        try (SocketChannel control = SocketChannel.open(
                UnixDomainSocketAddress.of(files.resolve("control").toString()))) {
            Files.writeString(file, manifests);
            Channels.newOutputStream(control).write(("store " + file + "\n").getBytes(UTF_8));
            assertThat(new String(Channels.newInputStream(control).readAllBytes(), UTF_8))
                    .startsWith("ok\n");
        } finally {
            Files.delete(file);
        }
    }

    /** Runs a script in a pod until it succeeds. */
    void eventually(String pod, String script) throws Exception {
        Result last = new Result(-1, "");
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                System.nanoTime() < end;
                Thread.sleep(100)) {
            last = inPod(pod, script);
            if (last.status() == 0) {
                return;
            }
        }
        throw new AssertionError(pod + ": " + script + " did not succeed: " + last);
    }

    /** Runs a script on a node until it succeeds. */
    void eventuallyOnNode(String node, String script) throws Exception {
        Result last = new Result(-1, "");
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                last.status() != 0 && System.nanoTime() < end;
                Thread.sleep(200)) {
            last = onNode(node, script);
        }
        last.succeeded();
    }

    /** The first match of a pattern's group in what a command prints. */
    String find(String pattern, Result result) {
        Matcher matcher = Pattern.compile(pattern).matcher(result.output());
        assertThat(matcher.find()).as("%s in %s", pattern, result.output()).isTrue();
        return matcher.group(1);
    }

    /** Where the lab's files are. */
    Path files() {
        return files;
    }

    String name() {
        return name;
    }

    /** What an agent has logged. */
    String log(String node) throws IOException {
        return Files.readString(files.resolve("nodes").resolve(node).resolve("log"));
    }

    /** The processes that have a lab's directory in their command line, the oldest first. */
    static List<ProcessHandle> processes(String name) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains("/fyr/labs/" + name))
                .sorted()
                .toList();
    }

    static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finish(launcher("lab", "down", "--name", name).start());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
