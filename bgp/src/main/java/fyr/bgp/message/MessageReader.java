package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.Octets;

/**
 * Reads the messages of one peer. Trusts nothing: whatever the bytes are, it returns a message or throws a {@link NotificationException}, and
 * never needs more memory than a small multiple of the message. Sets of attributes that were read before are returned again as the same
 * instance, up to a fixed number of them. Not to be used by two threads at once.
 */
public final class MessageReader {

    /** Bytes that are needed to know the length of a message. */
    public static final int HEADER = Header.BYTES;

    private final WireOptions options;
    private final UpdateReader updates;

    /** A reader of what a peer of this kind sends. */
    public MessageReader(WireOptions options, PeerKind kind) {
        this.options = options;
        this.updates = new UpdateReader(options, kind);
    }

    /**
     * The length in bytes of the message that begins at {@code from}, of which at least {@link #HEADER} bytes are there: 19 to 65535.
     *
     * @throws NotificationException if it cannot be accepted
     */
    public int length(byte[] bytes, int from) {
        return Header.length(bytes, from, options);
    }

    /**
     * Reads the message that begins at {@code from} and is complete.
     *
     * @throws NotificationException if it cannot be accepted
     */
    public Reading read(byte[] bytes, int from) {
        int end = from + length(bytes, from);
        int body = from + Header.BYTES;
        return switch (Header.type(bytes, from)) {
            case Header.OPEN -> Reading.of(OpenReader.read(new Input(bytes, body, end)));
            case Header.UPDATE -> updates.read(bytes, body, end);
            case Header.NOTIFICATION ->
                Reading.of(new Notification(bytes[body] & 255, bytes[body + 1] & 255, Octets.of(bytes, body + 2, end)));
            case Header.ROUTE_REFRESH -> Reading.of(refresh(bytes, body, end));
            default -> Reading.of(new Keepalive());
        };
    }

    /** RFC 7313 section 5: another length is an error of its own, whose data is the whole message. */
    private static RouteRefresh refresh(byte[] bytes, int body, int end) {
        if (end - body != 4) {
            throw NotificationException.of(
                    ErrorCode.ROUTE_REFRESH,
                    ErrorCode.INVALID_REFRESH_LENGTH,
                    Octets.of(bytes, body - Header.BYTES, end),
                    "ROUTE-REFRESH with " + (end - body) + " bytes");
        }
        int afi = (bytes[body] & 255) << 8 | bytes[body + 1] & 255;
        return new RouteRefresh(AddressFamily.of(afi, bytes[body + 3] & 255), bytes[body + 2] & 255);
    }
}
