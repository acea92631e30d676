package fyr.bgp.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The autonomous systems that a path has passed, the nearest first. It is kept as words: for each segment its type times 65536 plus its count,
 * then its numbers. Immutable; safe on any thread.
 */
public final class AsPath {

    /** The path of what originates in the own autonomous system. */
    public static final AsPath EMPTY = new AsPath(new int[0]);

    private final int[] words;

    private AsPath(int[] words) {
        this.words = words;
    }

    /** A path of one sequence of 0 to 255 AS numbers. */
    public static AsPath of(long... sequence) {
        return sequence.length == 0
                ? EMPTY
                : ofSegments(List.of(new AsSegment(
                        AsSegment.Type.SEQUENCE, Arrays.stream(sequence).boxed().toList())));
    }

    /** A path of these segments. */
    public static AsPath ofSegments(List<AsSegment> segments) {
        int[] words =
                new int[segments.stream().mapToInt(s -> 1 + s.numbers().size()).sum()];
        int at = 0;
        for (AsSegment segment : segments) {
            words[at++] = segment.type().code() << 16 | segment.numbers().size();
            for (long number : segment.numbers()) {
                Numbers.check(number, 0xffffffffL, "AS number");
                words[at++] = (int) number;
            }
        }
        return words.length == 0 ? EMPTY : new AsPath(words);
    }

    /**
     * A path from the first {@code count} of these words, which are copied.
     *
     * @throws IllegalArgumentException if they are not whole segments of 1 to 255 numbers
     */
    public static AsPath ofWords(int[] words, int count) {
        for (int at = 0; at < count; at += 1 + size(words[at])) {
            int type = words[at] >>> 16;
            int size = size(words[at]);
            if (type < 1 || type > 4 || size < 1 || size > AsSegment.MOST || at + size >= count) {
                throw new IllegalArgumentException("no segment at word " + at);
            }
        }
        return count == 0 ? EMPTY : new AsPath(Arrays.copyOf(words, count));
    }

    private static int size(int head) {
        return head & 0xffff;
    }

    private static boolean isSet(int head) {
        return head >>> 16 == AsSegment.Type.SET.code() || head >>> 16 == AsSegment.Type.CONFED_SET.code();
    }

    private static boolean isConfederation(int head) {
        return head >>> 16 >= AsSegment.Type.CONFED_SEQUENCE.code();
    }

    /** How many words the path has. */
    public int words() {
        return words.length;
    }

    /** The word at this position. */
    public int word(int position) {
        return words[position];
    }

    /** The segments, the nearest first. */
    public List<AsSegment> segments() {
        List<AsSegment> segments = new ArrayList<>();
        for (int at = 0; at < words.length; at += 1 + size(words[at])) {
            List<Long> numbers = new ArrayList<>();
            for (int i = 1; i <= size(words[at]); i++) {
                numbers.add(words[at + i] & 0xffffffffL);
            }
            segments.add(new AsSegment(AsSegment.Type.of(words[at] >>> 16), numbers));
        }
        return List.copyOf(segments);
    }

    /** The length by which paths are compared: a set counts as one (RFC 4271 section 9.1.2.2 a), a confederation as none (RFC 5065 section 5.3). */
    public int length() {
        int length = 0;
        for (int at = 0; at < words.length; at += 1 + size(words[at])) {
            int head = words[at];
            length += isConfederation(head) ? 0 : isSet(head) ? 1 : size(head);
        }
        return length;
    }

    /** Whether an autonomous system is anywhere in the path, in sets and confederations too. */
    public boolean contains(long as) {
        return count(as) > 0;
    }

    /** How many times an autonomous system is in the path. */
    public int count(long as) {
        int count = 0;
        for (int at = 0; at < words.length; at += 1 + size(words[at])) {
            for (int i = at + 1; i <= at + size(words[at]); i++) {
                count += words[i] == (int) as && as >>> 32 == 0 ? 1 : 0;
            }
        }
        return count;
    }

    /** The leftmost number, if the path begins with a sequence: external peers put their own there (RFC 4271 section 6.3). */
    public OptionalLong first() {
        return words.length == 0 || isSet(words[0]) ? OptionalLong.empty() : OptionalLong.of(words[1] & 0xffffffffL);
    }

    /** The neighbouring autonomous system that the path was learned from, behind members of the own confederation; absent if it is the own one or a set. */
    public OptionalLong neighbor() {
        int at = 0;
        while (at < words.length && isConfederation(words[at])) {
            at += 1 + size(words[at]);
        }
        return at == words.length || isSet(words[at])
                ? OptionalLong.empty()
                : OptionalLong.of(words[at + 1] & 0xffffffffL);
    }

    /** The autonomous system that originated the path; absent if it is the own one or a set. */
    public OptionalLong origin() {
        int last = -1;
        for (int at = 0; at < words.length; at += 1 + size(words[at])) {
            last = at;
        }
        return last < 0 || isSet(words[last]) || isConfederation(words[last])
                ? OptionalLong.empty()
                : OptionalLong.of(words[words.length - 1] & 0xffffffffL);
    }

    /** This path behind an autonomous system, so many times (RFC 4271 section 5.1.2). */
    public AsPath prepend(long as, int times) {
        AsPath path = this;
        for (int left = times; left > 0; ) {
            int room = path.roomInFront();
            int more = Math.min(left, room > 0 ? room : AsSegment.MOST);
            path = path.inFront((int) as, more, room > 0);
            left -= more;
        }
        return path;
    }

    private int roomInFront() {
        return words.length > 0 && words[0] >>> 16 == AsSegment.Type.SEQUENCE.code()
                ? AsSegment.MOST - size(words[0])
                : 0;
    }

    private AsPath inFront(int as, int times, boolean joined) {
        int kept = joined ? words.length - 1 : words.length;
        int[] longer = new int[1 + times + kept];
        longer[0] = AsSegment.Type.SEQUENCE.code() << 16 | times + (joined ? size(words[0]) : 0);
        Arrays.fill(longer, 1, 1 + times, as);
        System.arraycopy(words, words.length - kept, longer, 1 + times, kept);
        return new AsPath(longer);
    }

    /** Whether members of a confederation are in the path. */
    public boolean hasConfederation() {
        for (int at = 0; at < words.length; at += 1 + size(words[at])) {
            if (isConfederation(words[at])) {
                return true;
            }
        }
        return false;
    }

    /** The path as it leaves a confederation (RFC 5065 section 4). */
    public AsPath withoutConfederation() {
        return hasConfederation()
                ? ofSegments(segments().stream()
                        .filter(s -> !s.type().isConfederation())
                        .toList())
                : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AsPath path && Arrays.equals(words, path.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    /** As routers print it: {@code 1 2 {3,4}}, and members of a confederation as {@code (1 2)} or {@code [3,4]}. */
    @Override
    public String toString() {
        return segments().stream().map(AsPath::text).collect(Collectors.joining(" "));
    }

    private static String text(AsSegment segment) {
        List<String> numbers = segment.numbers().stream().map(String::valueOf).toList();
        return switch (segment.type()) {
            case SEQUENCE -> String.join(" ", numbers);
            case SET -> "{" + String.join(",", numbers) + "}";
            case CONFED_SEQUENCE -> "(" + String.join(" ", numbers) + ")";
            case CONFED_SET -> "[" + String.join(",", numbers) + "]";
        };
    }
}
