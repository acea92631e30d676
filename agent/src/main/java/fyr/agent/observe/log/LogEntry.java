package fyr.agent.observe.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;

/**
 * One log entry.
 *
 * @param time in UTC, to the millisecond
 * @param component the part of Fyr that logs, such as {@code cni}; for other code the name of its logger
 * @param failure the stack trace of the exception, or empty
 */
record LogEntry(String time, System.Logger.Level level, String component, String message, String failure) {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final int LONGEST = 16_384;

    static LogEntry of(
            Instant time, System.Logger.Level level, String logger, String message, Optional<Throwable> failure) {
        return new LogEntry(
                TIME.format(time),
                level,
                component(logger),
                bounded(message),
                failure.map(LogEntry::trace).map(LogEntry::bounded).orElse(""));
    }

    /** {@code fyr.dns.server.TcpListener} is {@code dns}. */
    private static String component(String logger) {
        return logger.startsWith("fyr.") ? logger.split("\\.")[1] : logger;
    }

    /** Others may have written part of the text. */
    private static String bounded(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST) + "... (" + (text.length() - LONGEST) + " characters more)";
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString().strip();
    }
}
