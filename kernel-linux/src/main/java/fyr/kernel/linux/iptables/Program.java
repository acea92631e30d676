package fyr.kernel.linux.iptables;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A program that is started with fixed arguments, given a text, and waited for. */
final class Program {

    /** A whole table with 50,000 Services takes a few seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final NetworkNamespace namespace;
    private final Path file;

    /** What a program left behind. */
    record Result(int code, String output, String errors) {}

    /** A program that runs in this namespace. */
    Program(NetworkNamespace namespace, Path file) {
        this.namespace = namespace;
        this.file = file;
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /**
     * Runs the program and waits for its end.
     *
     * @throws KernelException if it cannot be started, or does not end
     */
    Result run(String input, String... arguments) {
        try {
            Process process = namespace.call(() -> start(arguments));
            try {
                return finish(process, input);
            } finally {
                process.destroyForcibly();
            }
        } catch (KernelException failure) {
            throw failure;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw KernelException.unasked(name(), Errno.EINTR, "interrupted");
        } catch (Exception failure) {
            throw KernelException.unasked(name(), Errno.ENOENT, "cannot be run: " + failure.getMessage());
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    /** Both outputs are read while the input is written: a program that cannot write its errors would not read on. */
    private Result finish(Process process, String input) throws IOException, InterruptedException, ExecutionException {
        CompletableFuture<String> output = reading(process.getInputStream());
        CompletableFuture<String> errors = reading(process.getErrorStream());
        try (OutputStream to = process.getOutputStream()) {
            to.write(input.getBytes(UTF_8));
        } catch (IOException _) {
            // It ended early; its exit code and its words say why.
        }
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw KernelException.unasked(
                    name(), Errno.ETIMEDOUT, "did not end within " + PATIENCE.toSeconds() + " seconds");
        }
        return new Result(process.exitValue(), output.get(), errors.get());
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        // Never a virtual thread: the process's first ones make the carriers of all, which then live in this thread's
        // network namespace.
        // At the rehearsal that is a temporary one, and the agent would never reach the API server.
        Thread.ofPlatform().daemon().name("iptables-output").start(() -> {
            try {
                text.complete(new String(stream.readAllBytes(), UTF_8));
            } catch (IOException failure) {
                text.completeExceptionally(failure);
            }
        });
        return text;
    }
}
