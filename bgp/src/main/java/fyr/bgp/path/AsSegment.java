package fyr.bgp.path;

import java.util.List;

/**
 * A part of an AS path.
 *
 * @param numbers 1 to 255 of them, each 0 to 4294967295
 */
public record AsSegment(Type type, List<Long> numbers) {

    /** The largest number of ASs in one segment: its count has one octet. */
    public static final int MOST = 255;

    /** How the numbers are to be read (RFC 4271 section 4.3, RFC 5065 section 3). */
    public enum Type {
        SET(1),
        SEQUENCE(2),
        CONFED_SEQUENCE(3),
        CONFED_SET(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The value on the wire. */
        public int code() {
            return code;
        }

        /** Whether the numbers are members of a confederation; they do not count and do not leave it. */
        public boolean isConfederation() {
            return code >= 3;
        }

        /** The type with this value on the wire, 1 to 4. */
        public static Type of(int code) {
            return switch (code) {
                case 1 -> SET;
                case 2 -> SEQUENCE;
                case 3 -> CONFED_SEQUENCE;
                case 4 -> CONFED_SET;
                default -> throw new IllegalArgumentException("no type of AS path segment: " + code);
            };
        }
    }

    public AsSegment {
        numbers = List.copyOf(numbers);
        if (numbers.isEmpty() || numbers.size() > MOST) {
            throw new IllegalArgumentException("a segment has 1 to 255 numbers, not " + numbers.size());
        }
    }
}
