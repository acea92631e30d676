package fyr.bgp.message;

import fyr.bgp.path.Octets;

/** The fixed part of each message (RFC 4271 section 4.1): sixteen bytes of ones, the length of the message, its type. */
final class Header {

    static final int BYTES = 19;
    static final int LONGEST = 4096;
    static final int LONGEST_EXTENDED = 65535;

    static final int OPEN = 1;
    static final int UPDATE = 2;
    static final int NOTIFICATION = 3;
    static final int KEEPALIVE = 4;
    static final int ROUTE_REFRESH = 5;

    private static final int MARKER = 16;

    private Header() {}

    /** The length of the message that begins here, 19 or more; the header is checked as RFC 4271 section 6.1 says. */
    static int length(byte[] bytes, int from, WireOptions options) {
        for (int i = from; i < from + MARKER; i++) {
            if (bytes[i] != -1) {
                throw NotificationException.of(
                        ErrorCode.HEADER, ErrorCode.NOT_SYNCHRONIZED, Octets.EMPTY, "marker is not all ones");
            }
        }
        int length = (bytes[from + MARKER] & 255) << 8 | bytes[from + MARKER + 1] & 255;
        int type = type(bytes, from);
        if (type < OPEN || type > ROUTE_REFRESH) {
            throw NotificationException.of(
                    ErrorCode.HEADER, ErrorCode.BAD_TYPE, Octets.of((byte) type), "message type " + type);
        }
        boolean exact = type != KEEPALIVE || length == BYTES;
        if (length < shortest(type) || length > longest(type, options) || !exact) {
            throw NotificationException.of(
                    ErrorCode.HEADER,
                    ErrorCode.BAD_LENGTH,
                    Octets.of(bytes, from + MARKER, from + MARKER + 2),
                    "message of type " + type + " with " + length + " bytes");
        }
        return length;
    }

    static int type(byte[] bytes, int from) {
        return bytes[from + MARKER + 2] & 255;
    }

    private static int shortest(int type) {
        return switch (type) {
            case OPEN -> 29;
            case UPDATE, ROUTE_REFRESH -> 23;
            case NOTIFICATION -> 21;
            default -> BYTES;
        };
    }

    /** OPEN and KEEPALIVE are never extended (RFC 8654 section 4). */
    private static int longest(int type, WireOptions options) {
        return type == OPEN || type == KEEPALIVE ? LONGEST : options.longest();
    }

    /** Writes the header of a message that begins at {@code from}. */
    static void put(byte[] bytes, int from, int length, int type) {
        for (int i = from; i < from + MARKER; i++) {
            bytes[i] = -1;
        }
        bytes[from + MARKER] = (byte) (length >>> 8);
        bytes[from + MARKER + 1] = (byte) length;
        bytes[from + MARKER + 2] = (byte) type;
    }
}
