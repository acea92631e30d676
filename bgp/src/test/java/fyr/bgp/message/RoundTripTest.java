package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {

    @Test
    void whatIsWrittenIsReadWithAllOptions() {
        for (WireOptions options : RandomMessages.allOptions()) {
            for (PeerKind kind : PeerKind.values()) {
                MessageReader reader = new MessageReader(options, kind);
                MessageWriter writer = new MessageWriter(options);
                for (long seed = 0; seed < 300; seed++) {
                    Message message = new RandomMessages(new Random(seed), options, kind).next();
                    byte[] bytes = writer.write(message);
                    assertThat(reader.length(bytes, 0)).isEqualTo(bytes.length);
                    assertThat(reader.read(bytes, 0))
                            .as("seed %d, %s, %s", seed, kind, options)
                            .isEqualTo(Reading.of(message));
                }
            }
        }
    }

    /** The position within the array does not matter, and what is behind the message is not read. */
    @Test
    void aMessageIsReadWhereItIs() {
        WireOptions options = RandomMessages.allOptions().getLast();
        MessageReader reader = new MessageReader(options, PeerKind.INTERNAL);
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] bytes =
                    new MessageWriter(options).write(new RandomMessages(random, options, PeerKind.INTERNAL).next());
            byte[] within = new byte[7 + bytes.length + random.nextInt(9)];
            random.nextBytes(within);
            System.arraycopy(bytes, 0, within, 7, bytes.length);
            assertThat(reader.read(within, 7)).as("seed %d", seed).isEqualTo(reader.read(bytes, 0));
        }
    }

    /** What was read is an instance of its own, and equal sets of attributes are the same instance. */
    @Test
    void attributesAreReadOnce() {
        WireOptions options = RandomMessages.allOptions().getLast();
        MessageReader reader = new MessageReader(options, PeerKind.INTERNAL);
        RandomMessages messages = new RandomMessages(new Random(4), options, PeerKind.INTERNAL);
        Update update = messages.update();
        while (update.announced().isEmpty()) {
            update = messages.update();
        }
        byte[] bytes = new MessageWriter(options).write(update);
        Update first = (Update) reader.read(bytes.clone(), 0).message();
        byte[] again = bytes.clone();
        Update second = (Update) reader.read(again, 0).message();
        Arrays.fill(again, (byte) 0);
        assertThat(second).isEqualTo(update);
        assertThat(second.announced().getFirst().attributes())
                .isSameAs(first.announced().getFirst().attributes());
    }
}
