package fyr.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads lines from a stream however it is split, silence, and Status objects. */
@Timeout(60)
class StreamTest {

    @Test
    void linesOfAllLengthsInPiecesOfAllSizes() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<String> lines = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                lines.add("x".repeat(random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(200)) + i);
            }
            String text = String.join("\n", lines) + (random.nextBoolean() && !lines.isEmpty() ? "\n" : "");
            List<String> read = new ArrayList<>();
            try (WatchStream stream = new JsonLines(pieces(text, random), false)) {
                for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
                    read.add(new String(line.get(), StandardCharsets.UTF_8));
                }
            }
            assertThat(read).as("seed " + seed).isEqualTo(lines);
        }
    }

    /** Like a server that flushes after each piece: many members, and pauses between their bytes. */
    @Test
    void gzipMembersInPiecesOfAllSizes() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                String part = "member " + i + "x".repeat(random.nextInt(30_000));
                text.append(part);
                try (GZIPOutputStream gzip = new GZIPOutputStream(wire)) {
                    gzip.write(part.getBytes(StandardCharsets.UTF_8));
                }
            }
            byte[] bytes = wire.toByteArray();
            assertThat(new Gunzip(trickle(bytes, random)).readAllBytes())
                    .as("seed " + seed)
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(text.toString());
            for (int cut = 1; cut < Math.min(bytes.length, 12); cut++) {
                byte[] shorter = Arrays.copyOf(bytes, bytes.length - cut);
                assertThatThrownBy(() -> new Gunzip(trickle(shorter, random)).readAllBytes())
                        .isInstanceOf(IOException.class);
            }
        }
    }

    /** Never reports that more is available, like the JDK's HTTP client at the end of what has arrived. */
    private static InputStream trickle(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(100)));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    private static InputStream pieces(String text, Random random) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(5000)));
            }
        };
    }

    /** A stream whose close wakes its reader, as in the JDK's HTTP client. */
    private static final class Wire extends InputStream {
        private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

        @Override
        public int read() throws IOException {
            try {
                return bytes.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int next = read();
            into[offset] = (byte) next;
            return next < 0 ? -1 : 1;
        }

        @Override
        public void close() {
            bytes.add(-1);
        }
    }

    private static GuardedStream.Sender sender(boolean alive, Runnable onLoss) {
        return new GuardedStream.Sender() {
            @Override
            public void heard() {}

            @Override
            public boolean isAlive() {
                return alive;
            }

            @Override
            public void lost() {
                onLoss.run();
            }
        };
    }

    @Test
    void aSenderThatIsGoneEndsTheStreamLongBeforeSilenceDoes() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        try (InputStream stream =
                new GuardedStream(new Wire(), Duration.ofMinutes(10), sender(false, () -> told.set(true)))) {
            long start = System.nanoTime();
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessageStartingWith("no word for");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
            assertThat(told).isTrue();
        }
    }

    @Test
    void aQuietLineIsAskedOnceForAllAndStaysDead() throws Exception {
        Line line = new Line();
        AtomicInteger pings = new AtomicInteger();
        assertThat(line.isAlive(Duration.ofMinutes(10), _ -> pings.incrementAndGet() < 0))
                .isTrue();
        assertThat(pings).as("bytes have just come").hasValue(0);
        assertThat(line.isAlive(Duration.ZERO, _ -> pings.incrementAndGet() > 0))
                .as("the server answered")
                .isTrue();
        assertThat(line.isAlive(Duration.ZERO, _ -> {
                    line.heard();
                    return false;
                }))
                .as("bytes came while it was asked")
                .isTrue();
        assertThat(line.isAlive(Duration.ZERO, _ -> pings.incrementAndGet() < 0))
                .isFalse();
        assertThat(line.isAlive(Duration.ZERO, _ -> pings.incrementAndGet() > 0))
                .isFalse();
        assertThat(pings).hasValue(2);
    }

    @Test
    void silenceEndsTheStreamAndASlowReaderDoesNot() throws Exception {
        Wire wire = new Wire();
        AtomicBoolean told = new AtomicBoolean();
        try (InputStream stream = new GuardedStream(wire, Duration.ofMillis(200), sender(true, () -> told.set(true)))) {
            wire.bytes.add(1);
            assertThat(stream.read()).isEqualTo(1);
            Thread.sleep(500); // nobody reads
            wire.bytes.add(2);
            assertThat(stream.read()).isEqualTo(2);
            assertThat(told).isFalse();
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
            assertThat(told).isTrue();
        }
    }

    @Test
    void silenceEndsTheStreamAlsoIfTellingFails() throws Exception {
        Runnable broken = () -> {
            throw new IllegalStateException("the token is half-written");
        };
        try (InputStream stream = new GuardedStream(new Wire(), Duration.ofMillis(100), sender(true, broken))) {
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessageStartingWith("no word for");
        }
    }

    @Test
    void statusesAndWhatIsNone() {
        ApiException expired = inEvent("{\"code\":410,\"reason\":\"Expired\",\"message\":\"old\"}");
        assertThat(expired.expired()).isTrue();
        assertThat(expired).hasMessage("old");
        assertThat(Status.read(
                        502,
                        Optional.of("Wed, 21 Oct 2026 07:28:00 GMT"),
                        "<html>\nBad gateway".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("<html>");
        assertThat(Status.read(503, Optional.empty(), new byte[0])).hasMessage("HTTP status 503");
        ApiException overloaded = Status.read(
                429, Optional.of("7"), "Too many requests, please try again later.\n".getBytes(StandardCharsets.UTF_8));
        assertThat(overloaded.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(overloaded).hasMessage("Too many requests, please try again later.");
        ApiException conflict = Status.read(
                409,
                Optional.of("1"),
                "{\"reason\":\"Conflict\",\"details\":{\"retryAfterSeconds\":3}}".getBytes(StandardCharsets.UTF_8));
        assertThat(conflict.conflict()).isTrue();
        assertThat(conflict.retryAfter()).contains(Duration.ofSeconds(3));
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = "{\"code\":410,\"reason\":\"Expired\",\"details\":{\"retryAfterSeconds\":3}}"
                    .getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            bytes[random.nextInt(bytes.length)] = "{}[]\",:0".getBytes(StandardCharsets.UTF_8)[random.nextInt(8)];
            assertThat(Status.read(500, Optional.empty(), bytes)).isNotNull();
            assertThat(inEvent(new String(bytes, StandardCharsets.ISO_8859_1))).isNotNull();
        }
    }

    /** The status that is the object of a watch event, of which the parser has seen the beginning. */
    private static ApiException inEvent(String object) {
        byte[] line = object.getBytes(StandardCharsets.UTF_8);
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            try {
                json.nextToken();
            } catch (JacksonException e) {
                return Status.read(500, Optional.empty(), line);
            }
            return Status.inEvent(json, line);
        }
    }
}
