package fyr.cni.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final RawRequest REQUEST = new RawRequest(
            Map.of("CNI_COMMAND", "ADD", "CNI_ARGS", "a=b;c=d", "CNI_PATH", ""), "{\"x\":\"é\"}".getBytes(UTF_8));

    private static RawRequest read(byte[] bytes) throws IOException {
        return Frame.readRequest(new ByteArrayInputStream(bytes));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        RawRequest read = read(RequestFrame.of(REQUEST));
        assertThat(read.environment()).isEqualTo(REQUEST.environment());
        assertThat(read.configuration()).isEqualTo(REQUEST.configuration());
    }

    @Test
    void refusesLengthsAboveTheLimits() {
        byte[] bytes = RequestFrame.of(REQUEST);
        bytes[4] = -1;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("environment");
    }

    @Test
    void answersAreLimitedToo() {
        byte[] answer = Frame.answer(new CniAnswer(0, "x".repeat(Frame.ANSWER_MAX + 1)));
        assertThat(answer.length).isLessThan(1000);
    }

    @Test
    void survivesAnything() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = RequestFrame.of(REQUEST);
            for (int change = 1 + random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = random.nextBoolean() ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            try {
                read(bytes);
            } catch (IOException e) {
                assertThat(e).as("the connection is closed").isNotNull();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }
}
