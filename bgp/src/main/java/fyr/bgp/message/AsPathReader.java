package fyr.bgp.message;

import fyr.bgp.path.AsPath;
import fyr.bgp.path.AsSegment;
import fyr.bgp.path.AsSegment.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads AS_PATH and AS4_PATH. */
final class AsPathReader {

    private AsPathReader() {}

    /**
     * The path, or nothing if it is malformed as RFC 7606 section 7.2 defines it, or has AS 0 in it (RFC 7607 section 2).
     *
     * @param width bytes of an AS number, 2 or 4
     */
    static Optional<AsPath> read(byte[] bytes, int from, int end, int width) {
        int[] words = new int[(end - from) / 2];
        int count = 0;
        int at = from;
        while (at < end) {
            if (end - at < 2) {
                return Optional.empty();
            }
            int type = bytes[at] & 255;
            int size = bytes[at + 1] & 255;
            at += 2;
            if (type < 1 || type > 4 || size == 0 || end - at < size * width) {
                return Optional.empty();
            }
            words[count++] = type << 16 | size;
            for (int i = 0; i < size; i++) {
                int as = number(bytes, at, width);
                if (as == 0) {
                    return Optional.empty();
                }
                words[count++] = as;
                at += width;
            }
        }
        return Optional.of(AsPath.ofWords(words, count));
    }

    private static int number(byte[] bytes, int at, int width) {
        int low = (bytes[at + width - 2] & 255) << 8 | bytes[at + width - 1] & 255;
        return width == 2 ? low : (bytes[at] & 255) << 24 | (bytes[at + 1] & 255) << 16 | low;
    }

    /**
     * The path that both attributes of a peer with two-octet AS numbers tell together (RFC 6793 section 4.2.3): as many of the short one's as it
     * is longer, then the long one.
     */
    static AsPath merge(AsPath two, AsPath four) {
        int more = two.length() - four.length();
        if (more < 0) {
            return two;
        }
        List<AsSegment> segments = new ArrayList<>();
        for (AsSegment segment : two.segments()) {
            // Confederation segments stay if they lead or adjoin what stays.
            if (segment.type().isConfederation()) {
                segments.add(segment);
                continue;
            }
            if (more == 0) {
                break;
            }
            int taken = segment.type() == Type.SET
                    ? 1
                    : Math.min(more, segment.numbers().size());
            segments.add(
                    segment.type() == Type.SET
                            ? segment
                            : new AsSegment(Type.SEQUENCE, segment.numbers().subList(0, taken)));
            more -= taken;
        }
        four.segments().forEach(segment -> join(segments, segment));
        return AsPath.ofSegments(segments);
    }

    /** Adds a segment; two sequences become one where they fit. */
    private static void join(List<AsSegment> segments, AsSegment next) {
        AsSegment last = segments.isEmpty() ? next : segments.getLast();
        boolean fits = !segments.isEmpty()
                && last.type() == Type.SEQUENCE
                && next.type() == Type.SEQUENCE
                && last.numbers().size() + next.numbers().size() <= AsSegment.MOST;
        if (fits) {
            List<Long> both = new ArrayList<>(last.numbers());
            both.addAll(next.numbers());
            segments.set(segments.size() - 1, new AsSegment(Type.SEQUENCE, both));
        } else {
            segments.add(next);
        }
    }
}
