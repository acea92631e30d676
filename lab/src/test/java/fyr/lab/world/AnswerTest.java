package fyr.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int MX = 15;

    @Test
    void knowsTheDocumentationNames() {
        assertThat(address(Answer.to(question("www.Example.com", A)), 4)).isEqualTo("203.0.113.10");
        assertThat(address(Answer.to(question("example.org", AAAA)), 16)).isEqualTo("2001:db8::20");
    }

    @Test
    void saysThatANameHasNoSuchRecordOrDoesNotExist() {
        assertThat(Answer.to(question("example.net", MX)))
                .satisfies(answer -> assertThat(answer[3] & 15).isZero())
                .satisfies(answer -> assertThat(answer[7]).isZero());
        assertThat(Answer.to(question("kubernetes.io", A))[3] & 15).isEqualTo(3);
        assertThat(Answer.to(question("notexample.com", A))[3] & 15).isEqualTo(3);
    }

    @Test
    void bearsAnything() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good = question("www.example.com", A);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(Answer.to(bytes).length).as("seed %d", seed).isLessThan(600);
        }
    }

    private static String address(byte[] answer, int length) {
        return IpAddress.of(Arrays.copyOfRange(answer, answer.length - length, answer.length))
                .toString();
    }

    private static byte[] question(String name, int type) {
        ByteBuffer out = ByteBuffer.allocate(512)
                .putShort((short) 7)
                .putShort((short) 0x100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (String label : name.split("\\.")) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) 0).putShort((short) type).putShort((short) 1);
        return Arrays.copyOf(out.array(), out.position());
    }
}
