package fyr.kernel.linux.netlink;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Arbitrary bytes can either be read to the end or cause one kind of exception. */
final class HostileBytesTest {

    @Test
    void lengthsThatLie() {
        assertThatThrownBy(() -> Attributes.of(ByteBuffer.wrap(new byte[] {3, 0, 1, 0})))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> Attributes.of(ByteBuffer.wrap(new byte[] {9, 0, 1, 0, 1, 2, 3, 4})))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("an attribute at byte 0 of 8 claims 9 bytes");
        assertThatThrownBy(() -> Message.parse(new byte[16])).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> new Attribute(5, ByteBuffer.wrap(new byte[] {1, 2})).u32())
                .hasMessage("attribute 5 has 2 bytes, less than 4");
    }

    @Test
    void randomBytes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(96)];
            random.nextBytes(bytes);
            plausibleLengths(random, bytes);
            assertThatCode(() -> readAll(bytes))
                    .as("seed %d", seed)
                    .satisfiesAnyOf(
                            thrown -> org.assertj.core.api.Assertions.assertThat(thrown)
                                    .isNull(),
                            thrown -> org.assertj.core.api.Assertions.assertThat(thrown)
                                    .isInstanceOf(MalformedMessage.class));
        }
    }

    @Test
    void damagedMessages() {
        byte[] sound = MessageWriter.of(16, 0)
                .put(new byte[16])
                .string(3, "fyr-vxlan4")
                .nested(
                        18,
                        info -> info.string(1, "vxlan")
                                .nested(2, data -> data.u32(1, 42).be16(15, 8472)))
                .toBytes();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] damaged = sound.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                readAll(damaged);
            } catch (MalformedMessage expected) {
                // the only exception allowed
            } catch (RuntimeException other) {
                throw new AssertionError("seed " + seed, other);
            }
        }
    }

    private static void plausibleLengths(SplittableRandom random, byte[] bytes) {
        if (bytes.length >= 20) {
            bytes[0] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : bytes.length);
            bytes[1] = bytes[2] = bytes[3] = 0;
            bytes[16] = (byte) random.nextInt(24);
            bytes[17] = 0;
        }
    }

    private static void readAll(byte[] bytes) {
        for (Message message : Message.parse(bytes)) {
            Acknowledgement.of(message);
            for (int header : new int[] {0, 4, 12, 16}) {
                readAll(message.attributes(header), 0);
            }
        }
    }

    private static void readAll(Attributes attributes, int depth) {
        for (Attribute attribute : attributes) {
            attribute.string();
            attribute.bytes();
            if (attribute.data().limit() >= 4) {
                attribute.be32();
            }
            if (depth < 4) {
                try {
                    readAll(attribute.nested(), depth + 1);
                } catch (MalformedMessage notNested) {
                    // most attributes are not nested
                }
            }
        }
    }
}
