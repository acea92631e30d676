package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileBytesTest {

    private static final List<WireOptions> OPTIONS = RandomMessages.allOptions();

    private static WireOptions options(Random random) {
        return OPTIONS.get(random.nextInt(OPTIONS.size()));
    }

    /** Reads it; whatever is returned can be printed and compared, and the session ends only where RFC 7606 lets it. */
    private static boolean isRead(MessageReader reader, WireOptions options, byte[] bytes, long seed) {
        try {
            Reading reading = reader.read(bytes, 0);
            assertThat(reading.hashCode()).isEqualTo(reader.read(bytes, 0).hashCode());
            assertThat(reading.toString()).isNotEmpty();
            return true;
        } catch (NotificationException expected) {
            boolean other = Header.type(bytes, 0) != Header.UPDATE
                    || expected.notification().code() == ErrorCode.HEADER;
            boolean may = other || ResetOracle.mayReset(bytes, options);
            assertThat(may).as("seed %d: %s", seed, expected.getMessage()).isTrue();
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void mutatedMessagesAreReadOrRefused() {
        int read = 0;
        int count = 60_000;
        for (long seed = 0; seed < count; seed++) {
            Random random = new Random(seed);
            WireOptions options = options(random);
            PeerKind kind = PeerKind.values()[random.nextInt(2)];
            byte[] bytes = new MessageWriter(options).write(new RandomMessages(random, options, kind).next());
            for (int i = random.nextInt(5); i >= 0 && bytes.length > 19; i--) {
                int at = 19 + random.nextInt(bytes.length - 19);
                bytes[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(40) : random.nextInt());
            }
            // The reader of other options too: whoever disagrees about them sees such messages.
            WireOptions others = random.nextInt(4) == 0 ? options(random) : options;
            read += isRead(new MessageReader(others, kind), others, bytes, seed) ? 1 : 0;
        }
        assertThat(read).isBetween(count / 10, count * 9 / 10);
    }

    @Test
    void randomBodiesOfEachTypeAreReadOrRefused() {
        for (long seed = 0; seed < 100_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[19 + random.nextInt(80)];
            random.nextBytes(bytes);
            Header.put(bytes, 0, bytes.length, 1 + random.nextInt(5));
            if (random.nextBoolean()) {
                for (int i = 19; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt(5);
                }
            }
            WireOptions options = options(random);
            PeerKind kind = PeerKind.values()[random.nextInt(2)];
            isRead(new MessageReader(options, kind), options, bytes, seed);
        }
    }

    @Test
    void headersAreAcceptedOrRefused() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[19];
            Header.put(bytes, 0, random.nextInt(0x10000), random.nextInt(8));
            if (random.nextInt(4) == 0) {
                bytes[random.nextInt(19)] = (byte) random.nextInt();
            }
            try {
                assertThat(new MessageReader(options(random), PeerKind.EXTERNAL).length(bytes, 0))
                        .isBetween(19, 65535);
            } catch (NotificationException expected) {
                assertThat(expected.notification().code()).isEqualTo(ErrorCode.HEADER);
            }
        }
    }

    /** The longest messages of the densest contents: prefixes of one byte, attributes of three. */
    @Test
    void denseMessagesStaySmall() {
        WireOptions options = OPTIONS.get(3);
        byte[] prefixes = new byte[65535];
        Header.put(prefixes, 0, prefixes.length, Header.UPDATE);
        prefixes[19] = (byte) (prefixes.length - 23 >> 8);
        prefixes[20] = (byte) (prefixes.length - 23);
        byte[] attributes = new byte[65535];
        Header.put(attributes, 0, attributes.length, Header.UPDATE);
        int end = 23;
        for (; end + 3 <= attributes.length; end += 3) {
            attributes[end] = (byte) 0xc0;
            attributes[end + 1] = (byte) 201;
        }
        attributes[21] = (byte) (end - 23 >> 8);
        attributes[22] = (byte) (end - 23);
        MessageReader reader = new MessageReader(options, PeerKind.EXTERNAL);
        Update update = (Update) reader.read(prefixes, 0).message();
        assertThat(update.withdrawn().getFirst()).hasSize(prefixes.length - 23);
        assertThat(update.withdrawn().getFirst().length(9)).isZero();
        Reading reading = reader.read(attributes, 0);
        assertThat(reading.faults()).hasSizeLessThan(20);
        assertThat(((Update) reading.message()).announced()).isEmpty();
    }
}
