package fyr.bgp.bfd;

import java.nio.ByteBuffer;
import java.util.Random;

/** Packets of a peer whose discriminator is 7, to a session whose discriminator is 5. */
final class Packets {

    static final int OURS = 5;
    static final int THEIRS = 7;

    private Packets() {}

    /** A packet of a peer that can do everything within 50 milliseconds. */
    static ControlPacket of(BfdPhase phase) {
        return of(phase, false, false, 50_000, 50_000);
    }

    static ControlPacket of(BfdPhase phase, boolean poll, boolean isFinal, long minTx, long minRx) {
        return new ControlPacket(Diagnostic.NONE, phase, poll, isFinal, false, false, 3, THEIRS, OURS, minTx, minRx, 0);
    }

    static ControlPacket demanding() {
        return new ControlPacket(
                Diagnostic.NONE, BfdPhase.UP, false, false, false, true, 3, THEIRS, OURS, 50_000, 50_000, 0);
    }

    static ControlPacket random(Random random) {
        BfdPhase phase = BfdPhase.values()[random.nextInt(4)];
        int yours = random.nextInt(4) == 0 && phase.compareTo(BfdPhase.DOWN) <= 0 ? 0 : random.nextInt() | 1;
        return new ControlPacket(
                new Diagnostic(random.nextInt(32)),
                phase,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                1 + random.nextInt(255),
                random.nextInt() | 1 << 31,
                yours,
                interval(random),
                interval(random),
                interval(random));
    }

    private static long interval(Random random) {
        return random.nextLong(1L << random.nextInt(33));
    }

    static byte[] bytes(ControlPacket packet) {
        ByteBuffer buffer = ByteBuffer.allocate(PacketFormat.BYTES);
        PacketFormat.write(packet, buffer);
        return buffer.array();
    }

    static Reading read(byte[] bytes) {
        return PacketFormat.read(ByteBuffer.wrap(bytes));
    }
}
