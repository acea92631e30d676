package fyr.lab.cluster;

import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A lab, from outside. A lab continues to run when the process that started it has ended. */
public final class Lab {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int POLL_MILLISECONDS = 20;
    private static final String NODE_RESOLVER = "nameserver 203.0.113.53\nnameserver 2001:db8::53\n";

    private final LabDirectory directory;

    private volatile boolean cancelled;

    private Lab(LabDirectory directory) {
        this.directory = directory;
    }

    /**
     * Starts a lab and waits until its nodes are ready.
     *
     * @param progress receives one line for each step
     * @throws LabException if a lab of that name exists, or it cannot be started; then nothing of it is left
     */
    public static Lab up(String name, LabOptions options, Consumer<String> progress) {
        var _ = options.topology(); // says what is wrong with the numbers
        Lab lab = new Lab(LabDirectory.named(name));
        StartLock lock = StartLock.take(lab.directory)
                .orElseThrow(() ->
                        new LabException("lab '" + name + "' is being started by another command; wait for that one"));
        try {
            if (lab.isRunning()) {
                throw new LabException("lab '" + name + "' is up already; end it with: fyr lab down --name " + name);
            }
            return lab.up(options, progress, lock);
        } finally {
            lock.release();
        }
    }

    /** From here on everything of this name belongs to us, until the lock is released. */
    private Lab up(LabOptions options, Consumer<String> progress, StartLock lock) {
        down(); // what a killed one left
        try (var _ = new Interruption(() -> {
            cancel();
            lock.release();
        })) {
            bringUp(options, progress);
            return this;
        }
    }

    private void bringUp(LabOptions options, Consumer<String> progress) {
        try {
            await(begin(options), progress);
        } catch (IOException failure) {
            end();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            end();
            throw failure;
        }
    }

    /** An interrupted start is ended by {@link #cancel}, and the caller waits for that. */
    private synchronized void end() {
        if (!cancelled) {
            down();
        }
    }

    /**
     * Either all of it happens before a {@link #cancel}, which then ends it, or nothing: an interrupted start continues while it is being
     * ended.
     */
    private synchronized Process begin(LabOptions options) throws IOException {
        if (cancelled) {
            throw new LabException("interrupted");
        }
        directory.create();
        Files.writeString(directory.resolver(), NODE_RESOLVER);
        return start(options);
    }

    private synchronized void cancel() {
        cancelled = true;
        down();
    }

    private Process start(LabOptions options) throws IOException {
        Installation installation = Installation.own();
        List<String> command = new ArrayList<>(
                List.of(installation.door().toString(), "up", directory.path().toString(), "--"));
        List<String> arguments = new ArrayList<>(List.of(directory.path().toString()));
        arguments.addAll(options.arguments());
        command.addAll(installation.java("-Xms24m -Xmx512m -Xss512k", "fyr.lab/fyr.lab.cluster.LabDaemon", arguments));
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log().toFile()))
                .start();
    }

    private void await(Process process, Consumer<String> progress) throws IOException {
        int told = 0;
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; pause()) {
            boolean ready = Files.exists(directory.ready());
            List<String> lines =
                    Files.exists(directory.progress()) ? Files.readAllLines(directory.progress()) : List.of();
            lines.subList(told, lines.size()).forEach(progress);
            told = lines.size();
            if (ready) {
                return;
            }
            if (!process.isAlive()) {
                throw new LabException(cancelled ? "interrupted" : lastWords());
            }
        }
        throw new LabException(
                "the lab was not ready within " + PATIENCE.toSeconds() + " s; its last words: " + lastWords());
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.exists(directory.log()) ? Files.readAllLines(directory.log()) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("fyr: "))
                .findFirst()
                .map(line -> line.substring(5))
                .orElseGet(() -> "the lab ended: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size())));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    /** The running lab of that name. */
    public static Lab named(String name) {
        Lab lab = new Lab(LabDirectory.named(name));
        if (!lab.isRunning()) {
            throw new LabException("no lab '" + name + "' is up; start it with: fyr lab up"
                    + (name.equals("fyr") ? "" : " --name " + name));
        }
        return lab;
    }

    /** The labs of this user, running or left behind, by name. */
    public static List<Lab> all() {
        Path labs = LabDirectory.all();
        if (!Files.isDirectory(labs)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(labs)) {
            return paths.filter(Files::isDirectory)
                    .sorted()
                    .map(path -> new Lab(new LabDirectory(path)))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Ends the lab of that name, whatever state it is in, and removes what it left; returns whether there was one. */
    public static boolean down(String name) {
        LabDirectory directory = LabDirectory.named(name);
        boolean existed = new Lab(directory).down();
        if (Files.exists(directory.startLock())) { // of a start that was killed, unless another one is running
            StartLock.take(directory).ifPresent(StartLock::release);
        }
        return existed;
    }

    private boolean down() {
        boolean existed = Files.exists(directory.path());
        // Found by their command lines, because a process that has just started has not written its number yet. The
        // first process of the world (the younger one) comes first: the kernel then ends all others in it before its
        // end is visible.
        List<ProcessHandle> processes = ProcessHandle.allProcesses()
                .filter(process -> isOurs(process.pid()))
                .sorted(Comparator.comparingLong(ProcessHandle::pid).reversed())
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        }
        try {
            remove(directory.path());
            directory.removeEmptyParents();
            return existed;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Others may be doing the same: the end of the first process may end the process that both are in, or may be what a user waits for. */
    static void remove(Path path) throws IOException {
        while (Files.exists(path)) {
            try (Stream<Path> paths = Files.walk(path)) {
                for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            } catch (NoSuchFileException another) {
                continue;
            } catch (UncheckedIOException failure) {
                if (!(failure.getCause() instanceof NoSuchFileException)) {
                    throw failure;
                }
            }
        }
    }

    /** The two processes of the entry program, outer and inner; numbers that belong to other processes by now are left out. */
    private List<ProcessHandle> processes() {
        if (!Files.exists(directory.pid())) {
            return List.of();
        }
        try {
            return Arrays.stream(Files.readString(directory.pid()).strip().split(" "))
                    .map(Long::parseLong)
                    .filter(this::isOurs)
                    .map(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean isOurs(long pid) {
        try {
            String commandLine = Files.readString(
                    Path.of("/proc", Long.toString(pid), "cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
            return commandLine.contains("\0up\0" + directory.path() + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether its processes live. */
    public boolean isRunning() {
        return processes().size() == 2;
    }

    /** Its files. */
    public LabDirectory directory() {
        return directory;
    }

    /** Sends the lab a command, such as {@code agent restart node1}; returns its answer. */
    public String command(String... words) {
        return Control.ask(directory.control(), String.join(" ", words));
    }

    /**
     * Compares the policies with what packets do: a JSON array.
     *
     * @param from the sources: {@code namespace/pod}, {@code node:name} or {@code outside}; {@code *} stands for any characters
     * @param to the targets: {@code namespace/pod}, {@code service:namespace/name} or {@code dns}
     * @throws LabException if one of the two matches nothing
     */
    public String check(String from, String to) {
        for (String selection : new String[] {from, to}) {
            if (selection.isEmpty() || selection.chars().anyMatch(c -> c <= ' ')) {
                throw new LabException("'" + selection + "' selects nothing: no name has blanks");
            }
        }
        return command("check", from, to);
    }

    /** Who answers so many TCP requests from a pod, with a new connection for each: a JSON array, null where nobody answered. */
    public String requests(String pod, IpAddress address, int port, int count) {
        return command("requests", pod, address.toString(), Integer.toString(port), Integer.toString(count));
    }

    /** The command line that runs a program in a running pod: its network, its resolver, its hosts, its host name, and the machine's files. */
    public List<String> inPod(String namespace, String pod, List<String> program) {
        Path files = directory.pods().resolve(namespace).resolve(pod);
        return inside(
                read(files.resolve("netns"), "no running pod " + namespace + "/" + pod),
                files.resolve("resolv.conf").toString(),
                files.resolve("hosts").toString(),
                read(files.resolve("hostname"), "no running pod " + namespace + "/" + pod),
                program);
    }

    /** The command line that runs a program on a node, or in the networks {@code router} and {@code outside}. */
    public List<String> onNode(String node, List<String> program) {
        return inside("/run/netns/" + node, "", "", node, program);
    }

    private List<String> inside(String network, String resolver, String hosts, String host, List<String> program) {
        List<String> command = new ArrayList<>(List.of(
                Installation.own().door().toString(),
                "in",
                directory.path().toString(),
                network,
                resolver,
                hosts,
                host,
                "--"));
        command.addAll(program);
        return command;
    }

    private String read(Path file, String otherwise) {
        try {
            return Files.readString(file).strip();
        } catch (IOException absent) {
            throw new LabException(otherwise + " in lab '" + directory.name() + "'");
        }
    }
}
