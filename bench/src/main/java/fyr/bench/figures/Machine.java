package fyr.bench.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What figures are worth nothing without.
 *
 * @param loadAverage of the last minute, as /proc/loadavg has it: above {@code cores}, figures are those of a busy machine
 */
public record Machine(int cores, String kernel, String loadAverage, String java) {

    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                read("/proc/sys/kernel/osrelease"),
                read("/proc/loadavg").split(" ")[0],
                Runtime.version().toString());
    }

    public static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A number of kB from /proc/PID/status, such as VmRSS. */
    public static long kilobytes(String process, String field) {
        return read("/proc/" + process + "/status")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0L);
    }

    @Override
    public String toString() {
        return cores + " cores, Linux " + kernel + ", Java " + java + ", load average " + loadAverage;
    }
}
