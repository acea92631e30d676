package fyr.bgp.path;

/** Numbers in the text forms of communities. */
final class Numbers {

    private Numbers() {}

    static void check(long value, long highest, String what) {
        if (value < 0 || value > highest) {
            throw new IllegalArgumentException(what + " " + value + " is not within 0.." + highest);
        }
    }

    /** Reads decimal numbers of 0 to {@code highest} with colons between them. */
    static long[] parse(String text, int count, long highest, String what) {
        String[] parts = text.split(":", -1);
        if (parts.length != count) {
            throw malformed(text, what);
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number(parts[i], text, what);
            check(numbers[i], highest, "number in " + what);
        }
        return numbers;
    }

    private static long number(String digits, String text, String what) {
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text, what);
        }
        return Long.parseLong(digits);
    }

    private static IllegalArgumentException malformed(String text, String what) {
        return new IllegalArgumentException("not a " + what + ": '" + text + "'");
    }
}
