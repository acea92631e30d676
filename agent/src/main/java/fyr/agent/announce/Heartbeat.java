package fyr.agent.announce;

import fyr.model.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A datagram between two agents.
 *
 * <p>Layout, all numbers in network order: the word {@code FYR1}; one byte, 1 for claims and 2 for grants; three bytes of zero; the claimant's
 * session and time, eight bytes each; then addresses, each with a byte in front: 4 or 6, plus 128 if the claimant holds it.
 */
sealed interface Heartbeat {

    /** How many addresses fit into a datagram that no network has to divide (RFC 8200: 1280 bytes). */
    int ADDRESSES_MAX = 70;

    /** A number that a process chooses at random when it starts: an answer to an earlier process is none to this one. */
    long session();

    /** The claimant's clock when it sent the claim; only the claimant knows what it means. */
    long sentAt();

    /** A claim of addresses. */
    record Claims(long session, long sentAt, List<Claim> claims) implements Heartbeat {
        public Claims {
            claims = List.copyOf(claims);
        }
    }

    /** What was granted of a claim. */
    record Grants(long session, long sentAt, List<IpAddress> granted) implements Heartbeat {
        public Grants {
            granted = List.copyOf(granted);
        }
    }

    /**
     * A claim of one address.
     *
     * @param held whether the claimant holds the address now
     */
    record Claim(IpAddress address, boolean held) {}

    /** The datagram. */
    default byte[] bytes() {
        return switch (this) {
            case Claims(long session, long sentAt, List<Claim> claims) -> bytes(1, session, sentAt, claims);
            case Grants(long session, long sentAt, List<IpAddress> granted) ->
                bytes(
                        2,
                        session,
                        sentAt,
                        granted.stream().map(one -> new Claim(one, false)).toList());
        };
    }

    private static byte[] bytes(int type, long session, long sentAt, List<Claim> claims) {
        ByteBuffer bytes = ByteBuffer.allocate(24 + 17 * claims.size())
                .putInt(0x46595231)
                .putInt(type << 24)
                .putLong(session)
                .putLong(sentAt);
        for (Claim claim : claims) {
            byte[] address = claim.address().toBytes();
            bytes.put((byte) ((address.length == 4 ? 4 : 6) | (claim.held() ? 128 : 0)))
                    .put(address);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Reads a datagram; empty if it is none of these. */
    static Optional<Heartbeat> read(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        if (bytes.remaining() < 24 || bytes.getInt() != 0x46595231) {
            return Optional.empty();
        }
        int type = bytes.getInt();
        long session = bytes.getLong();
        long sentAt = bytes.getLong();
        List<Claim> claims = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int kind = bytes.get() & 0xff;
            int length = (kind & 127) == 4 ? 4 : (kind & 127) == 6 ? 16 : Integer.MAX_VALUE;
            if (length > bytes.remaining() || claims.size() == ADDRESSES_MAX) {
                return Optional.empty();
            }
            byte[] address = new byte[length];
            bytes.get(address);
            claims.add(new Claim(IpAddress.of(address), kind > 127));
        }
        return switch (type) {
            case 1 << 24 -> Optional.of(new Claims(session, sentAt, claims));
            case 2 << 24 ->
                Optional.of(new Grants(
                        session, sentAt, claims.stream().map(Claim::address).toList()));
            default -> Optional.empty();
        };
    }
}
