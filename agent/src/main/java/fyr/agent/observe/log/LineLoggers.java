package fyr.agent.observe.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The loggers of every process that uses this module, found through the service {@link java.lang.System.LoggerFinder}. Entries below INFO
 * are not written. Safe on any thread.
 */
public final class LineLoggers extends System.LoggerFinder {

    private static volatile LogFormat format = LogFormat.TEXT;

    private final ConcurrentMap<String, System.Logger> loggers = new ConcurrentHashMap<>();

    /** For the service loader. */
    public LineLoggers() {}

    /** From now on all entries of this process are written in this format. */
    public static void use(LogFormat wanted) {
        format = wanted;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return loggers.computeIfAbsent(name, LineLogger::new);
    }

    /** Written at once, so that entries of several processes in one file stay whole. */
    static void write(
            PrintStream out, System.Logger.Level level, String logger, String message, Optional<Throwable> failure) {
        String line = format.line(LogEntry.of(Instant.now(), level, logger, message, failure));
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
