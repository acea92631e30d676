package fyr.agent.observe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the format of an entry with any content. */
class LogFormatTest {

    private static final Instant TIME = Instant.parse("2026-11-02T07:51:40Z");

    private static LogEntry entry(String logger, String message, Throwable... failure) {
        return LogEntry.of(
                TIME, Level.WARNING, logger, message, List.of(failure).stream().findFirst());
    }

    @Test
    void anEntryIsOneLineOfFourParts() {
        LogEntry entry = entry("fyr.dns.server.TcpListener", "no socket: \"53\"");
        assertThat(LogFormat.TEXT.line(entry)).isEqualTo("2026-11-02T07:51:40.000Z WARNING dns: no socket: \"53\"");
        assertThat(LogFormat.JSON.line(entry))
                .isEqualTo("{\"time\":\"2026-11-02T07:51:40.000Z\",\"level\":\"WARNING\",\"component\":\"dns\","
                        + "\"message\":\"no socket: \\\"53\\\"\"}");
        assertThat(entry("com.sun.net.httpserver", "x").component()).isEqualTo("com.sun.net.httpserver");
    }

    @Test
    void whatOthersWroteMakesNoEntriesOfItsOwn() {
        String hostile = "pod a\r\n2026-11-02T07:51:40.000Z ERROR cni: forged\u2028\u202egnp\u001b[2J\0\ud800\u0085\\";
        for (LogFormat format : LogFormat.values()) {
            String line = format.line(entry("fyr.cni\nx", hostile));
            assertThat(line.codePoints()).as(format + ": " + line).allMatch(OneLine::isPlain);
            assertThat(line).contains("\\u202egnp", "\\u001b[2J", "\\u0000", "\\ud800");
        }
        assertThat(LogFormat.JSON.line(entry("fyr", "a\\\"b"))).contains("\"message\":\"a\\\\\\\"b\"");
    }

    @Test
    void linesAreJoinedWithoutTheBlanksAroundTheirEnds() {
        assertThat(OneLine.of("a \t\r\n\n  b  c\u2028d\te\n")).isEqualTo("a | b  c | d\\u0009e | ");
        assertThat(OneLine.of(" \ud83d\ude00 ")).isEqualTo(" \ud83d\ude00 ");
    }

    /** The value of an annotation may be as long. */
    @Test
    void manyBlanksTakeNoLonger() {
        String blanks = " ".repeat(256 << 10);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(OneLine.of(blanks + "x")).isEqualTo(blanks + "x");
            assertThat(OneLine.of(blanks + "\n" + blanks + "x")).isEqualTo(" | x");
        });
    }

    @Test
    void aFailureIsTracedOnTheSameLine() {
        Throwable failure = new IllegalStateException("outer", new java.io.IOException("in\nner"));
        String text = LogFormat.TEXT.line(entry("fyr.agent", "broken", failure));
        assertThat(text)
                .contains("broken: java.lang.IllegalStateException: outer | at fyr.agent")
                .contains("| Caused by: java.io.IOException: in | ner")
                .hasLineCount(1);
        assertThat(LogFormat.JSON.line(entry("fyr.agent", "broken", failure)))
                .contains(",\"failure\":\"java.lang.IllegalStateException: outer\\n\\tat fyr.agent")
                .hasLineCount(1);
    }

    @Test
    void anEntryHasABound() {
        String line = LogFormat.JSON.line(entry("fyr.agent", "x".repeat(1 << 20)));
        assertThat(line.length()).isLessThan(20_000);
        assertThat(line).contains("characters more)");
    }

    @Test
    void theLoggersOfTheProcessAreTheseAndLeaveTheirMessagesAlone() {
        System.Logger logger = System.getLogger("fyr.test");
        assertThat(logger.isLoggable(Level.DEBUG)).isFalse();
        assertThat(written(() -> {
                    logger.log(Level.INFO, "100 % of {0}");
                    logger.log(Level.INFO, "the {0}th of {1}", 3, "x");
                    logger.log(Level.INFO, () -> "supplied '{'");
                    logger.log(Level.DEBUG, "not this");
                }))
                .extracting(line -> line.split(" ", 3)[2])
                .containsExactly("test: 100 % of {0}", "test: the 3th of x", "test: supplied '{'");
    }

    private static List<String> written(Runnable work) {
        PrintStream error = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(error);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aPatternThatIsNoneIsWrittenAsItIs() {
        assertThat(written(() -> new LineLogger("fyr.x").log(Level.ERROR, "{nonsense}", "a")))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("ERROR x: {nonsense}"));
    }
}
