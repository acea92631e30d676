package fyr.model.address;

import java.util.ArrayList;
import java.util.List;

/** The textual form of IPv6 addresses: read by RFC 4291 section 2.2, written by RFC 5952. */
final class Ipv6Text {

    private Ipv6Text() {}

    static Ipv6Address parse(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0, text);
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true, text);
        int missing = 8 - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            throw malformed(text);
        }
        List<Integer> all = new ArrayList<>(head);
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail);
        return new Ipv6Address(half(all, 0), half(all, 4));
    }

    private static long half(List<Integer> groups, int from) {
        long bits = 0;
        for (int i = from; i < from + 4; i++) {
            bits = bits << 16 | groups.get(i);
        }
        return bits;
    }

    /** An IPv4 address may stand for the last two groups of the whole, hence in its last part only. */
    private static List<Integer> groups(String part, boolean last, String text) {
        List<Integer> groups = new ArrayList<>();
        if (part.isEmpty()) {
            return groups;
        }
        String[] words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            if (last && i == words.length - 1 && words[i].indexOf('.') >= 0) {
                int embedded = Ipv4Address.parse(words[i]).bits();
                groups.add(embedded >>> 16);
                groups.add(embedded & 0xffff);
            } else {
                groups.add(group(words[i], text));
            }
        }
        return groups;
    }

    private static int group(String word, String text) {
        boolean wellFormed = !word.isEmpty()
                && word.length() <= 4
                && word.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
        if (!wellFormed) {
            throw malformed(text);
        }
        return Integer.parseInt(word, 16);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not an IPv6 address: '" + text + "'");
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    static String format(Ipv6Address address) {
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = zeros(address, i);
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(address.group(i)));
            }
        }
        return text.toString();
    }

    private static int zeros(Ipv6Address address, int from) {
        int end = from;
        while (end < 8 && address.group(end) == 0) {
            end++;
        }
        return end - from;
    }
}
