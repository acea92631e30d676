package fyr.kernel.plan;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression.Base;
import java.nio.ByteBuffer;

/** The headers of a packet as bytes: RFC 791 section 3.1, RFC 8200 section 3, and the ports with which all transports begin; behind them only what a SYN has. */
final class Headers {

    private static final int HOPS = 64;
    private static final int TCP = 6;
    private static final int SYN = 2;

    private Headers() {}

    static Bytes slice(Packet packet, Base base, int offset, int length) {
        byte[] header = switch (base) {
            case NETWORK -> network(packet);
            case TRANSPORT -> transport(packet);
        };
        if (offset < 0 || offset + length > header.length) {
            throw new IllegalStateException(
                    "bytes " + offset + " to " + (offset + length) + " of the " + base + " header are not modelled");
        }
        return Bytes.of(header).slice(offset, offset + length);
    }

    private static byte[] network(Packet packet) {
        return switch (packet.family()) {
            case IPV4 ->
                ByteBuffer.allocate(20)
                        .put(0, (byte) 0x45)
                        .put(8, (byte) HOPS)
                        .put(9, (byte) packet.protocol())
                        .put(12, packet.source().toBytes())
                        .put(16, packet.destination().toBytes())
                        .array();
            case IPV6 ->
                ByteBuffer.allocate(40)
                        .put(0, (byte) 0x60)
                        .put(6, (byte) packet.protocol())
                        .put(7, (byte) HOPS)
                        .put(8, packet.source().toBytes())
                        .put(24, packet.destination().toBytes())
                        .array();
        };
    }

    private static byte[] transport(Packet packet) {
        return ByteBuffer.allocate(20)
                .putShort((short) packet.sourcePort())
                .putShort((short) packet.destinationPort())
                .put(13, (byte) (packet.protocol() == TCP ? SYN : 0)) // RFC 9293 section 3.1
                .array();
    }
}
