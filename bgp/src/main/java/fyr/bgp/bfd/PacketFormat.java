package fyr.bgp.bfd;

import java.nio.ByteBuffer;

/** Control packets as bytes (RFC 5880 section 4.1). */
public final class PacketFormat {

    /** The length of a packet without authentication. */
    public static final int BYTES = 24;

    private static final int BYTES_AUTHENTICATED = 26;
    private static final int VERSION = 1;
    private static final int POLL = 0x20;
    private static final int FINAL = 0x10;
    private static final int CONTROL_PLANE_INDEPENDENT = 0x08;
    private static final int AUTHENTICATION = 0x04;
    private static final int DEMAND = 0x02;
    private static final int MULTIPOINT = 0x01;

    private static final int FLAGS = 1;
    private static final int DETECT_MULT = 2;
    private static final int LENGTH = 3;
    private static final int MY_DISCRIMINATOR = 4;
    private static final int YOUR_DISCRIMINATOR = 8;
    private static final int DESIRED_MIN_TX = 12;
    private static final int REQUIRED_MIN_RX = 16;
    private static final int REQUIRED_MIN_ECHO_RX = 20;

    private PacketFormat() {}

    /** Reads the payload of a datagram, from 0 to the limit, whatever it is; bytes after the packet are ignored. */
    public static Reading read(ByteBuffer bytes) {
        if (bytes.limit() < BYTES) {
            return Discard.TRUNCATED;
        }
        int flags = u8(bytes, FLAGS);
        int length = u8(bytes, LENGTH);
        if (u8(bytes, 0) >> 5 != VERSION) {
            return Discard.VERSION;
        } else if (length < ((flags & AUTHENTICATION) == 0 ? BYTES : BYTES_AUTHENTICATED)) {
            return Discard.LENGTH_TOO_SMALL;
        } else if (length > bytes.limit()) {
            return Discard.LENGTH_TOO_LARGE;
        } else if (u8(bytes, DETECT_MULT) == 0) {
            return Discard.DETECT_MULT;
        } else if ((flags & MULTIPOINT) != 0) {
            return Discard.MULTIPOINT;
        } else if (bytes.getInt(MY_DISCRIMINATOR) == 0) {
            return Discard.MY_DISCRIMINATOR;
        } else if (bytes.getInt(YOUR_DISCRIMINATOR) == 0 && phase(flags).compareTo(BfdPhase.DOWN) > 0) {
            return Discard.YOUR_DISCRIMINATOR;
        } else if ((flags & AUTHENTICATION) != 0) {
            return Discard.AUTHENTICATED;
        }
        return packet(bytes, flags);
    }

    private static ControlPacket packet(ByteBuffer bytes, int flags) {
        return new ControlPacket(
                new Diagnostic(u8(bytes, 0) & 31),
                phase(flags),
                (flags & POLL) != 0,
                (flags & FINAL) != 0,
                (flags & CONTROL_PLANE_INDEPENDENT) != 0,
                (flags & DEMAND) != 0,
                u8(bytes, DETECT_MULT),
                bytes.getInt(MY_DISCRIMINATOR),
                bytes.getInt(YOUR_DISCRIMINATOR),
                u32(bytes, DESIRED_MIN_TX),
                u32(bytes, REQUIRED_MIN_RX),
                u32(bytes, REQUIRED_MIN_ECHO_RX));
    }

    private static BfdPhase phase(int flags) {
        return BfdPhase.of(flags >> 6);
    }

    private static int u8(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xff;
    }

    private static long u32(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }

    /** Replaces the content of the buffer by the packet, ready to be read. The buffer has room for {@link #BYTES} and is big-endian, as buffers are. */
    public static void write(ControlPacket packet, ByteBuffer to) {
        to.clear();
        to.put((byte) (VERSION << 5 | packet.diagnostic().code()));
        to.put((byte) flags(packet));
        to.put((byte) packet.detectMult());
        to.put((byte) BYTES);
        to.putInt(packet.myDiscriminator());
        to.putInt(packet.yourDiscriminator());
        to.putInt((int) packet.desiredMinTx());
        to.putInt((int) packet.requiredMinRx());
        to.putInt((int) packet.requiredMinEchoRx());
        to.flip();
    }

    private static int flags(ControlPacket packet) {
        return packet.phase().code() << 6
                | (packet.poll() ? POLL : 0)
                | (packet.isFinal() ? FINAL : 0)
                | (packet.controlPlaneIndependent() ? CONTROL_PLANE_INDEPENDENT : 0)
                | (packet.demand() ? DEMAND : 0);
    }
}
