package fyr.bgp.bfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketFormatTest {

    /** Version 1, neighbor signaled down; Init, poll; 3; 24; discriminators 7 and 5; 1 s, 50 ms, no echo. */
    private static final String KNOWN = "23a003180000000700000005000f42400000c35000000000";

    private static byte[] known() {
        return HexFormat.of().parseHex(KNOWN);
    }

    @Test
    void knownBytes() {
        ControlPacket packet = new ControlPacket(
                Diagnostic.NEIGHBOR_SIGNALED_DOWN,
                BfdPhase.INIT,
                true,
                false,
                false,
                false,
                3,
                7,
                5,
                1_000_000,
                50_000,
                0);
        assertThat(HexFormat.of().formatHex(Packets.bytes(packet))).isEqualTo(KNOWN);
        assertThat(Packets.read(known())).isEqualTo(packet);
    }

    @Test
    void roundTrip() {
        for (long seed = 0; seed < 20_000; seed++) {
            ControlPacket packet = Packets.random(new Random(seed));
            assertThat(Packets.read(Packets.bytes(packet))).as("seed %d", seed).isEqualTo(packet);
        }
    }

    /** Each rule of RFC 5880 section 6.8.6 that the bytes alone decide: a packet that breaks it, and one that just does not. */
    @ParameterizedTest
    @CsvSource({
        "0, 03, VERSION",
        "0, 43, VERSION",
        "0, ff, VERSION",
        "0, 3f, accepted",
        "3, 17, LENGTH_TOO_SMALL",
        "3, 00, LENGTH_TOO_SMALL",
        "3, 19, LENGTH_TOO_LARGE",
        "3, ff, LENGTH_TOO_LARGE",
        "2, 00, DETECT_MULT",
        "2, 01, accepted",
        "2, ff, accepted",
        "1, a1, MULTIPOINT",
        "7, 00, MY_DISCRIMINATOR",
        "11, 00, YOUR_DISCRIMINATOR",
        "1, a4, LENGTH_TOO_SMALL",
        "1, fa, accepted"
    })
    void discarded(int at, String value, String expected) {
        byte[] bytes = known();
        bytes[at] = (byte) HexFormat.fromHexDigits(value);
        assertThat(text(Packets.read(bytes))).isEqualTo(expected);
    }

    private static String text(Reading reading) {
        return reading instanceof Discard why ? why.name() : "accepted";
    }

    /** The states in the first two bits: AdminDown, Down, Init, Up. */
    @ParameterizedTest
    @CsvSource({"00, accepted", "40, accepted", "80, YOUR_DISCRIMINATOR", "c0, YOUR_DISCRIMINATOR"})
    void withoutOurDiscriminatorThePeerIsDown(String flags, String expected) {
        byte[] bytes = known();
        bytes[11] = 0;
        bytes[1] = (byte) HexFormat.fromHexDigits(flags);
        assertThat(text(Packets.read(bytes))).isEqualTo(expected);
    }

    @Test
    void authenticatedAndTruncated() {
        byte[] longer = Arrays.copyOf(known(), 40);
        assertThat(text(Packets.read(longer))).as("bytes after the packet").isEqualTo("accepted");
        longer[1] |= 0x04;
        longer[3] = 25;
        assertThat(Packets.read(longer)).isEqualTo(Discard.LENGTH_TOO_SMALL);
        longer[3] = 26;
        assertThat(Packets.read(longer)).isEqualTo(Discard.AUTHENTICATED);
        longer[3] = 41;
        assertThat(Packets.read(longer)).isEqualTo(Discard.LENGTH_TOO_LARGE);
        for (int length = 0; length < 24; length++) {
            assertThat(Packets.read(Arrays.copyOf(known(), length))).isEqualTo(Discard.TRUNCATED);
        }
    }

    @Test
    void hostileBytesAreReadOrDiscarded() {
        int read = 0;
        int count = 200_000;
        for (long seed = 0; seed < count; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random.nextBoolean() ? new byte[random.nextInt(60)] : Packets.bytes(Packets.random(random));
            int changes = random.nextInt(4);
            if (bytes.length != PacketFormat.BYTES) {
                random.nextBytes(bytes);
            }
            for (int i = 0; i < changes && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Reading reading = Packets.read(bytes);
            if (reading instanceof ControlPacket packet) {
                read++;
                assertThat(Packets.read(Packets.bytes(packet)))
                        .as("seed %d", seed)
                        .isEqualTo(packet);
            }
        }
        assertThat(read).isBetween(count / 10, count * 9 / 10);
    }

    @Test
    void packetsThatCannotBeAreNotMade() {
        assertThatThrownBy(() -> new Diagnostic(32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packets.of(BfdPhase.UP, false, false, 1L << 32, 0))
                .hasMessageContaining("desired min TX interval");
        assertThat(Diagnostic.PATH_DOWN).hasToString("path down");
        assertThat(new Diagnostic(9)).hasToString("diagnostic 9");
    }
}
